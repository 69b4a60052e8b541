import { pythonIndex, rubyIndex } from './language-indexes.ts'
import type { RoomProject } from './room-project.ts'

const python = (text: string): string => `from shout import loud\n\n\ndef greet(name):\n    return ${text}\n`
const ruby = (text: string): string => `require "shout"\n\ndef greet(name) = ${text}\n`

/** Installers of other languages, which ask an index on loopback. */
export const roomLanguageProjects: readonly RoomProject[] = [
  {
    name: 'pip from an index on loopback, into .venv',
    needs: ['python3'],
    serve: () => pythonIndex('shout', '1.0', 'def loud(text):\n    return text.upper()\n'),
    files: {
      'requirements.txt': '--index-url http://127.0.0.1:@PORT@/simple\nshout==1.0\n',
      '.gitignore': '.venv\n__pycache__\n',
      'greet.py': python('loud(f"hello {name}")'),
      'tests/__init__.py': '',
      'tests/test_greet.py':
        'import unittest\n\nfrom greet import greet\n\n\nclass Greet(unittest.TestCase):\n    def test_greet(self):\n        self.assertEqual(greet("ann"), "HELLO ANN")\n',
    },
    person:
      'python3 -m venv .venv; .venv/bin/python -m pip install --no-input --disable-pip-version-check -q -r requirements.txt',
    bug: { file: 'greet.py', text: python('loud("hello") + name') },
    reason: /'HELLOann' != 'HELLO ANN'/,
    prepare: [
      'python3 -I -m venv .venv, none',
      '.venv/bin/python -I -m pip install --no-input --disable-pip-version-check -r requirements.txt, full',
    ],
    layers: [2, 2],
  },
  {
    name: 'Bundler from an index on loopback, into vendor/bundle',
    needs: ['bundle', 'gem', 'rake'],
    serve: () => rubyIndex('shout', '1.0.0', 'def loud(text) = text.upcase\n'),
    files: {
      Gemfile: "source 'http://127.0.0.1:@PORT@'\ngem 'shout', '1.0.0'\n",
      '.gitignore': 'vendor\n.bundle\n',
      'lib/greet.rb': ruby('loud("hello #{name}")'),
      // Its bundle has no rake.
      Rakefile: 'task :test do\n  sh "bundle exec ruby test/greet.rb"\nend\n',
      'test/greet.rb':
        '$LOAD_PATH.unshift "lib"\nrequire "greet"\nabort "the greeting is #{greet("ann")}" if greet("ann") != "HELLO ANN"\n',
    },
    person: 'bundle config set --local path vendor/bundle; bundle install --quiet',
    prepare: ['bundle config set --local path vendor/bundle, none', 'bundle install, full'],
    bug: { file: 'lib/greet.rb', text: ruby('"hello" + loud(name)') },
    reason: /the greeting is helloANN/,
    layers: [2, 2],
  },
]
