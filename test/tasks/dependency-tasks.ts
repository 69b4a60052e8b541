import { pythonIndex } from '../projects/language-indexes.ts'
import { npmRegistry, ownPackage } from '../projects/npm-registry.ts'
import { npmProject } from '../projects/project.ts'
import { type Task, nodeTest } from './task.ts'

const packages = [
  ownPackage(
    { name: '@acme/rates', version: '1.0.3', main: 'index.js' },
    { 'index.js': 'exports.normal = 0.5\n' },
  ),
  ownPackage(
    { name: '@acme/late', version: '1.0.0', main: 'index.js' },
    { 'index.js': 'exports.fee = (days) => days * 2\n' },
  ),
]
const npmInstall = 'npm install --no-audit --no-fund --silent --cache "${TMPDIR:-/tmp}/npm"'

/** New packages of a registry or an index on loopback. */
export const dependencyTasks: readonly Task[] = [
  {
    name: 'a new dependency from npm',
    asks: 'take the fee for late payment from @acme/late',
    serve: () => npmRegistry(packages),
    files: {
      ...npmProject('invoices', 'node --test'),
      '.npmrc': 'registry=http://127.0.0.1:@PORT@/\nupdate-notifier=false\n',
      'src/tax.js': "exports.tax = (net) => net * require('@acme/rates').normal\n",
      'test/tax.test.js': nodeTest('a tax', '../src/tax', 'tax', 'equal(tax(10), 5)'),
    },
    gates: { test: ['npm', 'test'] },
    prepare: [{ argv: ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], network: 'full' }],
    person: `${npmInstall} @acme/rates@1.0.3`,
    writes: {
      'src/late.js': "exports.late = (net, days) => net + require('@acme/late').fee(days)\n",
      'test/late.test.js': nodeTest('a fee', '../src/late', 'late', 'equal(late(10, 3), 16)'),
    },
    runs: `${npmInstall} @acme/late@1.0.0`,
    sees: 'work',
  },
  {
    name: 'a new requirement of Python',
    asks: 'greet loudly, with shout',
    serve: () => pythonIndex('shout', '1.0', 'def loud(text):\n    return text.upper()\n'),
    files: {
      'requirements.txt': '# what it needs\n',
      '.gitignore': '.venv\n__pycache__\n',
      'greet.py': 'def greet(name):\n    return f"hello {name}"\n',
      'tests/__init__.py': '',
      'tests/test_greet.py':
        'import unittest\n\nfrom greet import greet\n\n\nclass Greet(unittest.TestCase):\n    def test_greet(self):\n        self.assertEqual(greet("ann").lower(), "hello ann")\n',
    },
    gates: { test: ['.venv/bin/python', '-m', 'unittest'] },
    prepare: [
      { argv: ['python3', '-I', '-m', 'venv', '.venv'] },
      {
        argv: [
          '.venv/bin/python',
          '-I',
          '-m',
          'pip',
          'install',
          '--no-input',
          '--disable-pip-version-check',
          '-r',
          'requirements.txt',
        ],
        network: 'full',
        env: { PIP_INDEX_URL: 'http://127.0.0.1:@PORT@/simple' },
      },
    ],
    writes: {
      'requirements.txt': '# what it needs\nshout==1.0\n',
      'greet.py': 'from shout import loud\n\n\ndef greet(name):\n    return loud(f"hello {name}")\n',
    },
    sees: 'work',
  },
]
