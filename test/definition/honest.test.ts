import { describe, expect, test } from '@jest/globals'
import { type Files, changed, command } from './workspace.ts'

const json = (value: unknown): string => JSON.stringify(value, null, 2)
const installed = (name: string, version: string): Files => ({
  [`node_modules/.bin/${name}`]: `-> ../${name}/bin/${name}.js`,
  [`node_modules/${name}/bin/${name}.js`]: `// ${version}\n`,
  [`node_modules/${name}/package.json`]: json({ name, version, bin: { [name]: `bin/${name}.js` } }),
})
const lock = (version: string): string => `{"packages":{"node_modules/jest": {"version":"${version}"}}}`
/** As pnpm 9 writes it. */
const shim = (exec: string): string => `#!/bin/sh
basedir=$(dirname "$(echo "$0" | sed -e 's,\\\\,/,g')")

case \`uname\` in
    *CYGWIN*) basedir=\`cygpath -w "$basedir"\`;;
esac

if [ -z "$NODE_PATH" ]; then
  export NODE_PATH="/r/node_modules/.pnpm/jest@29.0.0/node_modules"
else
  export NODE_PATH="/r/node_modules/.pnpm/jest@29.0.0/node_modules:$NODE_PATH"
fi
if [ -x "$basedir/node" ]; then
  exec "$basedir/node"  "$basedir/../jest/bin/jest.js" "$@"
else
  ${exec}
fi
`
const goodShim = shim('exec node  "$basedir/../jest/bin/jest.js" "$@"')
const byPnpm = (text: string): Files => ({ ...installed('jest', '29.0.0'), 'node_modules/.bin/jest': text })
const base = {
  name: 'x',
  version: '1.0.0',
  scripts: { test: 'jest', build: 'tsc', release: 'np' },
  devDependencies: { jest: '^29' },
}
const REPO: Files = {
  'package.json': json(base),
  'package-lock.json': lock('29.0.0'),
  'src/index.ts': '',
  ...installed('jest', '29.0.0'),
}
const npmTest = [['npm', 'test']]

const honest: readonly {
  what: string
  files: Files
  argvs: readonly (readonly string[])[]
  change: Files
}[] = [
  { what: 'nothing', files: REPO, argvs: npmTest, change: {} },
  {
    what: 'an empty config of Codex below the root',
    files: REPO,
    argvs: npmTest,
    change: { 'src/.codex/config.toml': '' },
  },
  {
    what: 'an empty config of Codex below the root that goes',
    files: { ...REPO, 'src/.codex/config.toml': '' },
    argvs: npmTest,
    change: { 'src/.codex': null },
  },
  {
    what: 'a dependency',
    files: REPO,
    argvs: npmTest,
    change: { 'package.json': json({ ...base, dependencies: { left: '1' }, version: '1.1.0' }) },
  },
  {
    what: 'a script no gate uses',
    files: REPO,
    argvs: npmTest,
    change: {
      'package.json': json({ ...base, scripts: { ...base.scripts, release: 'np --yolo', 'test:slow': 'x' } }),
    },
  },
  {
    what: 'package.json written in another order',
    files: REPO,
    argvs: npmTest,
    change: { 'package.json': json({ scripts: { build: 'tsc', test: 'jest', release: 'np' }, name: 'x' }) },
  },
  {
    what: 'tests and sources',
    files: REPO,
    argvs: npmTest,
    change: { 'test/new.test.ts': 'x', 'src/index.ts': 'y', 'src/jest.config.test.ts': '' },
  },
  {
    what: 'the tool, with its lockfile',
    files: REPO,
    argvs: npmTest,
    change: { 'package-lock.json': lock('29.1.0'), ...installed('jest', '29.1.0') },
  },
  {
    what: 'the lockfile alone',
    files: REPO,
    argvs: npmTest,
    change: { 'package-lock.json': lock('30.0.0') },
  },
  ...(
    [
      ['yarn.lock', (version: string) => `"jest@^29.0.0", jest@29:\n  version "${version}"\n`],
      ['yarn.lock', (version: string) => `"jest@npm:^29.0.0":\n  version: ${version}\n`],
      ['pnpm-lock.yaml', (version: string) => `packages:\n\n  jest@${version}(x@1):\n    x: 1\n`],
      ['pnpm-lock.yaml', (version: string) => `packages:\n\n  /jest/${version}:\n    x: 1\n`],
      ['bun.lock', (version: string) => `"jest": ["jest@${version}"],\n`],
    ] as const
  ).map(([file, text]) => ({
    what: `the tool, with its version in ${text('29.0.0').trim()}`,
    files: { ...REPO, 'package-lock.json': null, [file]: text('29.0.0') },
    argvs: npmTest,
    change: { [file]: text('29.1.0'), ...installed('jest', '29.1.0') },
  })),
  {
    what: 'a virtual environment made by another installer, with another python',
    files: {
      'uv.lock': '',
      '.venv/bin/pytest':
        "#!/usr/bin/python3\nimport re\nimport sys\nfrom pytest import console_main\nif __name__ == '__main__':\n    sys.exit(console_main())\n",
      '.venv/bin/python': '-> /usr/bin/python3',
    },
    argvs: [['.venv/bin/pytest'], ['.venv/bin/python', '-m', 'pytest']],
    change: {
      '.venv/bin/pytest':
        '#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\nimport sys\nfrom pytest import console_main\nif __name__ == "__main__":\n    if sys.argv[0].endswith("-script.pyw"):\n        sys.argv[0] = sys.argv[0][:-11]\n    sys.exit(console_main())\n',
      '.venv/bin/python': '-> python3',
      '.venv/bin/python3': '-> /usr/bin/python3',
    },
  },
  {
    what: 'pytest and phpunit, with their versions in the lockfiles',
    files: {
      'uv.lock': '[[package]]\nname = "pytest"\nversion = "6.0"\n',
      '.venv/bin/pytest': '#!/usr/bin/python3\nimport sys\nfrom pytest import main\nsys.exit(main())\n',
      'composer.lock': '{"packages":[{"name":"phpunit/phpunit","version":"10.0.0"}]}',
      'vendor/bin/phpunit': '-> ../phpunit/phpunit/phpunit',
      'vendor/phpunit/phpunit/phpunit': '1',
    },
    argvs: [['.venv/bin/pytest'], ['vendor/bin/phpunit']],
    change: {
      'uv.lock': '[[package]]\nname = "pytest"\nversion = "8.0"\n',
      '.venv/bin/pytest':
        '#!/usr/bin/python3\nimport sys\nfrom pytest import console_main\nsys.exit(console_main())\n',
      'composer.lock': '{"packages":[{"name":"phpunit/phpunit","version":"11.0.0"}]}',
      'vendor/phpunit/phpunit/phpunit': '2',
    },
  },
  {
    what: 'a first installation, as the lockfile says',
    files: { 'package.json': json(base), 'package-lock.json': lock('29.0.0') },
    argvs: npmTest,
    change: installed('jest', '29.0.0'),
  },
  {
    what: 'an installation without any lockfile',
    files: { 'package.json': json(base) },
    argvs: npmTest,
    change: installed('jest', '29.0.0'),
  },
  {
    what: 'an installation that brings a tool of the name of a program on the PATH',
    files: { 'package.json': json({ ...base, devDependencies: { jest: '^29', who: '1' } }) },
    argvs: npmTest,
    change: installed('who', '1.0.0'),
  },
  {
    what: 'the same, with another version and its lockfile',
    files: { ...REPO, ...installed('who', '1.0.0') },
    argvs: npmTest,
    change: {
      'package-lock.json': '{"packages":{"node_modules/jest": {},"node_modules/who": {"version":"2.0.0"}}}',
      ...installed('who', '2.0.0'),
    },
  },
  {
    what: 'a new member with tools of its own',
    files: {
      'package.json': json({ workspaces: ['packages/*'] }),
      'package-lock.json': lock('29.0.0'),
      'packages/a/package.json': json({ name: 'a', scripts: { test: 'jest' } }),
    },
    argvs: [['npm', 'test', '--workspaces']],
    change: {
      'package-lock.json': lock('29.1.0'),
      'packages/b/package.json': json({ name: 'b', scripts: { test: 'jest' } }),
      ...Object.fromEntries(
        Object.entries(installed('jest', '29.1.0')).map(([file, text]) => [`packages/b/${file}`, text]),
      ),
    },
  },
  { what: 'tools that no script names', files: REPO, argvs: npmTest, change: installed('left', '1.0.0') },
  {
    what: 'the program that a gate starts',
    files: { 'src/cli.js': 'a', 'index.js': 'a' },
    argvs: [
      ['node', 'src/cli.js', '--version'],
      ['node', 'index.js'],
    ],
    change: { 'src/cli.js': 'b', 'index.js': 'c' },
  },
  {
    what: 'tests run by name',
    files: { 'test/run.js': 'a', 'test.js': 'a', 'a.test.mjs': '' },
    argvs: [
      ['node', 'test/run.js'],
      ['node', 'test.js'],
      ['node', '--test', 'a.test.mjs'],
      ['python', 'test_all.py'],
    ],
    change: { 'test/run.js': 'b', 'test.js': 'b', 'a.test.mjs': 'x', 'test_all.py': 'x' },
  },
  {
    what: 'files that a gate only looks at',
    files: {},
    argvs: [
      ['test', '-f', 'out.txt'],
      ['grep', '-q', 'x', 'notes.md'],
      ['sh', '-c', 'test -s out.txt && cat out.txt > copy.txt'],
    ],
    change: { 'out.txt': 'x', 'notes.md': 'x', 'copy.txt': 'x' },
  },
  {
    what: 'programs that make builds',
    files: { Makefile: 'test: prog\n\t./prog\nprog: prog.c\n\tcc -o $@ $<\n' },
    argvs: [['make', 'test'], ['./prog'], ['./build/prog']],
    change: { 'prog.c': 'x', prog: `\x7fELF${'…'.repeat(2_000_000)}`, 'build/prog': '#!/bin/sh\n' },
  },
  {
    what: 'files and directories that make builds, and those of targets that no gate asks for',
    files: {
      Makefile: [
        '.PHONY: check $(LATER)',
        'LATER = lint types',
        'check: prog app build .stamp venv lint types test-data.json .venv/bin/activate package-lock.json parser.c',
        'lint types:\n\ttrue',
        'prog: prog.c\n\tcc -o prog prog.c',
        'app: main.go\n\tgo build',
        'build:\n\tnpx tsc',
        '.stamp: prog.c\n\t./unit && touch .stamp',
        'venv:\n\tpython3 -m venv ./venv',
        'test-data.json: ; ./gen > test-data.json',
        'docs:\n\tnpx typedoc',
        '.venv/bin/activate: requirements.txt\n\tpython3 -m venv .venv',
        'package-lock.json: package.json\n\tnpm install',
        'parser.c: parser.y\n\tbison parser.y',
        'CFLAGS += -g\nprog: CFLAGS += -O',
      ].join('\n'),
    },
    argvs: [['make', 'check'], ['make']],
    change: {
      prog: '\x7fELF',
      app: '\x7fELF',
      'build/x.js': '',
      '.stamp': '',
      'venv/bin/python': '',
      'test-data.json': '1',
      '.venv/bin/activate': '',
      'package-lock.json': '{}',
      'parser.c': '',
      lint: '',
      'docs/index.html': '',
      'main.go': '',
    },
  },
  {
    what: 'python dependencies, conftest and a module of the project',
    files: {
      'pyproject.toml':
        '[project]\nname="x"\ndependencies=[]\n[tool.pytest.ini_options]\naddopts="-q"\n[tool.black]\nline-length=80\n',
      'app/__init__.py': '',
    },
    argvs: [
      ['python', '-m', 'pytest'],
      ['python', '-m', 'app'],
    ],
    change: {
      'pyproject.toml':
        '[project]\nname="x"\ndependencies=["left"]\n[dependency-groups]\ndev=["pytest"]\n[tool.pytest.ini_options]\naddopts="-q"\n[tool.black]\nline-length=100\n',
      'conftest.py': 'x',
      'app/__init__.py': 'y',
      'tests/conftest.py': '',
    },
  },
  {
    what: 'other sections of setup.cfg',
    files: { 'setup.cfg': '[metadata]\nname = x\n[mypy]\nstrict = 1\n[options]\n' },
    argvs: [['mypy', 'src']],
    change: {
      'setup.cfg':
        '[metadata]\nname = y\nclassifiers =\n  [a] b\n[mypy]\nstrict = 1\n[options]\ninstall_requires =\n  left[x]\n[flake8]\n',
    },
  },
  {
    what: 'modules beside a script, and beside a test',
    files: { 'scripts/check.py': 'import helper\n', 'scripts/helper.py': 'a', 'tests/run.py': 'import json' },
    argvs: [
      ['python3', 'scripts/check.py'],
      ['python3', 'tests/run.py'],
    ],
    change: {
      'scripts/helper.py': 'b',
      'scripts/other.py': '',
      'tests/types.py': '',
      'scripts/json.txt': '',
    },
  },
  {
    what: 'a crate and its dependencies',
    files: { 'Cargo.toml': '[package]\nname="x"\n[dependencies]\n[lints.rust]\nunsafe_code="forbid"\n' },
    argvs: [
      ['cargo', 'test'],
      ['cargo', 'clippy'],
    ],
    change: {
      'Cargo.toml':
        '[package]\nname="x"\n[dependencies]\nserde="1"\n[dev-dependencies]\ninsta="1"\n[lints.rust]\nunsafe_code="forbid"\n',
      'build.rs': '',
      'Cargo.lock': 'x',
    },
  },
  {
    what: 'a new program, test target and member of cargo',
    files: {
      'Cargo.toml': '[package]\nname = "x"\n[workspace]\nmembers = ["a"]\n',
      'a/Cargo.toml': '[package]\nname = "a"\n',
      'tests/t.rs': '',
    },
    argvs: [['cargo', 'test', '--workspace']],
    change: {
      'Cargo.toml':
        '[package]\nname = "x"\nversion = "1.0.0"\nbuild = "build.rs"\n[workspace]\nmembers = [\n  "a",\n  "b",\n]\n[[bin]]\nname = "y"\npath = "src/y.rs"\n[[test]]\nname = "u"\npath = "tests/u/all.rs"\n[[test]]\nname = "t"\npath = "tests/t.rs"\n[[bench]]\nname = "z"\nharness = false\n',
      'b/Cargo.toml': '[package]\nname = "b"\nautotests = false\n[lib]\ntest = false\n',
    },
  },
  {
    what: 'dependencies of maven and gradle',
    files: {
      'pom.xml':
        '<project><modules><module>b</module></modules><dependencies></dependencies><build><plugins/></build></project>',
      'b/pom.xml': '<project><parent><artifactId>p</artifactId><version>1</version></parent></project>',
      'build.gradle': 'plugins { id "java" }\ndependencies {\n}\n',
      'settings.gradle': 'rootProject.name = "x"\n',
    },
    argvs: [
      ['mvn', 'test'],
      ['gradle', 'test'],
    ],
    change: {
      'pom.xml':
        '<project><!-- x --><version>2</version><description><![CDATA[<build>]]></description><properties><junit.version>5.1.0</junit.version></properties><modules><module>a</module><module>b</module></modules><dependencies><dependency/></dependencies><build><plugins/></build></project>',
      'a/pom.xml': '<project><build/></project>',
      'b/pom.xml': '<project><parent><artifactId>p</artifactId><version>2</version></parent></project>',
      'build.gradle':
        'plugins { id "java" }\ndependencies {\n  testImplementation "x:y:1"\n  api(project(":a")) // x\n  implementation(platform("x:y:${v}"))\n  implementation group: "a", name: \'b\', version: "1"\n  runtimeOnly libs.junit.api\n}\n',
      'settings.gradle': 'rootProject.name = "x"\ninclude(":a", ":c")\n',
      'c/build.gradle': 'test { enabled = false }',
      'buildSrc/build/x.class': '',
    },
  },
  {
    what: 'gems, modules of go, and helpers of tests',
    files: {
      Gemfile: 'source "x"\n',
      'x.gemspec': 'Gem::Specification.new do |spec|\n  spec.version = "1"\nend\n',
      '.rspec': '--require spec_helper\n--require ./spec/x\n',
      'go.mod': 'module g\n\ngo 1.22\n',
      'test/a_test.go': '',
    },
    argvs: [
      ['bundle', 'exec', 'rspec'],
      ['go', 'test', './...'],
    ],
    change: {
      Gemfile:
        '# gems\nsource "x"\ngem "a", "~> 1", ">= 1.2", require: false, groups: [:test, :dev] # why\n  gem(\'b\', git: "https://x", :tag => "v1")\n',
      'x.gemspec':
        'Gem::Specification.new do |spec|\n  spec.version = "2"\n  spec.add_development_dependency "c", "~> 2"\nend\n',
      'spec/spec_helper.rb': 'x',
      'spec/x.rb': 'x',
      'go.mod': 'module g\n\ngo 1.23\n\nrequire (\n\tx/y v1.0.0 // indirect\n)\n',
      'go.sum': 'x',
      'testdata/go.mod': '',
    },
  },
  {
    what: 'catalogs of pnpm',
    files: {
      'package.json': json(base),
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\ncatalog:\n  a: 1\nshellEmulator: true\n',
    },
    argvs: [['pnpm', 'test']],
    change: {
      'pnpm-workspace.yaml':
        '# catalogs\npackages:\n  - packages/*\n  - apps/*\ncatalog:\n  a: 2\n  b: 1\nshellEmulator: true\n',
    },
  },
  {
    what: 'a new member of a workspace-wide run',
    files: {
      'package.json': json({ workspaces: ['packages/*'] }),
      'packages/a/package.json': json({ name: 'a', scripts: { test: 'jest' } }),
    },
    argvs: [
      ['npm', 'test', '--workspaces'],
      ['pnpm', '-r', 'test'],
    ],
    change: {
      'packages/b/package.json': json({ name: 'b', scripts: { test: 'jest', pretest: 'x' }, jest: {} }),
      'packages/b/jest.config.js': '',
    },
  },
  {
    what: 'sources that a tsconfig.json names',
    files: {
      'package.json': json({ scripts: { lint: 'tsc -p .' } }),
      'tsconfig.json':
        '{"files":["./src/a.ts","./src/config.ts"],"compilerOptions":{"paths":{"#a":["./src/a.ts"]}}}',
      'src/a.ts': '',
      'src/config.ts': '',
    },
    argvs: [['npm', 'run', 'lint']],
    change: { 'src/a.ts': 'x', 'src/config.ts': 'y' },
  },
  {
    what: 'what a project of playwright keeps',
    files: {
      'package.json': json({ scripts: { test: 'playwright test' } }),
      'playwright.config.ts':
        "export default { projects: [\n { name: 'x', use: { storageState: 'auth/user.json' }, testDir: './e2e' } ] }",
      'auth/user.json': '1',
      'e2e/a.spec.ts': '',
    },
    argvs: npmTest,
    change: { 'auth/user.json': '2', 'e2e/a.spec.ts': 'x' },
  },
  {
    what: 'a new project of jest',
    files: {
      'package.json': json({ scripts: { test: 'jest' }, jest: { projects: ['<rootDir>/packages/*'] } }),
      'packages/a/jest.config.js': '',
    },
    argvs: npmTest,
    change: { 'packages/b/jest.config.js': 'x', 'packages/a/a.test.js': '' },
  },
  {
    what: 'an empty .codex that a sandbox left behind',
    files: { 'a/x': '', 'b/x': '' },
    argvs: [['true']],
    change: { '.codex': '', 'a/.codex': '', 'b/.agents/y': null },
  },
  {
    what: 'a module in node_modules',
    files: {
      'package.json': json({ scripts: { lint: 'oxlint' } }),
      '.oxlintrc.json': '{"$schema":"./node_modules/oxlint/configuration_schema.json"}',
      'node_modules/oxlint/configuration_schema.json': '1',
    },
    argvs: [['npm', 'run', 'lint']],
    change: { 'node_modules/oxlint/configuration_schema.json': '2' },
  },
]

const pnpmRepo: Files = { 'package.json': json(base), 'pnpm-lock.yaml': 'packages:\n  jest@29.0.0:\n' }

test.each([
  { what: 'as pnpm writes it', text: goodShim, changes: 0 },
  { what: 'with a line of its own', text: shim('exit 0'), changes: 1 },
  { what: 'with a command in a value', text: goodShim.replace('"/r/', '"$(exit)/r/'), changes: 1 },
  {
    what: 'into another program',
    text: goodShim.replaceAll('jest/bin/jest.js', 'jest/bin/ok.js'),
    changes: 1,
  },
])('a start script that appears, $what: $changes changes', ({ text, changes }) => {
  expect(changed(pnpmRepo, [command(['pnpm', 'test'])], byPnpm(text))).toHaveLength(changes)
})

describe('honest work differs in no pin', () => {
  test.each(honest)('$what', ({ files, argvs, change }) => {
    expect(
      changed(
        files,
        argvs.map((argv) => command(argv)),
        change,
      ),
    ).toEqual([])
  })
})
