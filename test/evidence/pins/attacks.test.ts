import { describe, expect, test } from '@jest/globals'
import type { Command } from '../../../src/contract/types.ts'
import { type Files, changed, command } from './workspace.ts'

const pkg = (scripts: Readonly<Record<string, string>>, more: object = {}): string =>
  JSON.stringify({ name: 'x', scripts, ...more }, null, 2)

interface Attack {
  readonly what: string
  readonly files: Files
  readonly argv: readonly string[]
  readonly more?: Partial<Command>
  readonly change: Files
  /** Files that the difference must name; nothing else may differ. */
  readonly names: readonly string[]
}

/** A repository whose jest is really installed. */
const JEST: Files = {
  'package.json': pkg({ test: 'jest', build: 'tsc' }, { devDependencies: { jest: '29.0.0' } }),
  'package-lock.json': '{"packages":{"node_modules/jest": {"version":"29.0.0"}}}',
  'node_modules/.bin/jest': '-> ../jest/bin/jest.js',
  'node_modules/jest/bin/jest.js': 'require("jest-cli").run()\n',
  'node_modules/jest/package.json': '{"name":"jest","version":"29.0.0","bin":"./bin/jest.js"}',
}
const npmTest = ['npm', 'test']

const attacks: readonly Attack[] = [
  // package.json scripts
  ...[
    npmTest,
    ['npm', 't'],
    ['npm', 'run', 'test'],
    ['npm', 'run', '--silent', 'test'],
    ['npm', 'run-script', 'test', '--', '--ci'],
    ['yarn', 'test'],
    ['yarn', 'run', 'test'],
    ['pnpm', 'test'],
    ['pnpm', 'run', 'test'],
    ['bun', 'run', 'test'],
    ['corepack', 'pnpm', 'test'],
    ['node', '--run', 'test'],
    ['env', 'A=1', 'npm', 'test'],
    ['timeout', '-k', '5', '60', 'npm', 'test'],
    ['sh', '-c', 'cd . && CI=1 npm test'],
    ['bash', '-euo', 'pipefail', '-c', 'echo "$(npm test)"'],
  ].map((argv): Attack => ({
    what: `script body, through ${argv.join(' ')}`,
    files: { 'package.json': pkg({ test: 'node --test' }) },
    argv,
    change: { 'package.json': pkg({ test: 'true' }) },
    names: ['package.json'],
  })),
  {
    what: 'a pretest hook that appears',
    files: { 'package.json': pkg({ test: 'node --test' }) },
    argv: npmTest,
    change: { 'package.json': pkg({ test: 'node --test', pretest: 'rm -r test' }) },
    names: ['package.json'],
  },
  {
    what: 'a posttest hook that disappears',
    files: { 'package.json': pkg({ test: 'node --test', posttest: 'npm run lint', lint: 'eslint .' }) },
    argv: npmTest,
    change: { 'package.json': pkg({ test: 'node --test', lint: 'eslint .' }) },
    names: ['package.json'],
  },
  ...[
    'npm run unit',
    'yarn unit',
    'pnpm run unit',
    'bun run unit',
    'run-s unit',
    'npm-run-all --parallel unit',
    'run-p "un*"',
    'concurrently "npm:unit"',
    'concurrently -k "npm run unit" "true"',
    'npm-run-all clean unit',
    'cross-env CI=1 npm run unit',
    '(cd . && npm run unit)',
    'true || npm run unit',
    'node --run unit',
  ].map((body): Attack => ({
    what: `a script behind \`${body}\``,
    files: { 'package.json': pkg({ test: body, unit: 'node --test', clean: 'rm -rf dist' }) },
    argv: npmTest,
    change: { 'package.json': pkg({ test: body, unit: 'true', clean: 'rm -rf dist' }) },
    names: ['package.json'],
  })),
  {
    what: 'three scripts deep',
    files: { 'package.json': pkg({ check: 'npm run a', a: 'npm run b', b: 'npm run c', c: 'node --test' }) },
    argv: ['npm', 'run', 'check'],
    change: { 'package.json': pkg({ check: 'npm run a', a: 'npm run b', b: 'npm run c', c: 'echo ok' }) },
    names: ['package.json'],
  },
  {
    what: 'the script is removed',
    files: { 'package.json': pkg({ test: 'node --test' }) },
    argv: npmTest,
    change: { 'package.json': pkg({}) },
    names: ['package.json'],
  },
  // other packages
  {
    what: 'package of the working directory',
    files: { 'a/package.json': pkg({ test: 'node --test' }) },
    argv: npmTest,
    more: { cwd: 'a' },
    change: { 'a/package.json': pkg({ test: 'true' }) },
    names: ['a/package.json'],
  },
  {
    what: 'a nearer package.json',
    files: { 'package.json': pkg({ test: 'node --test' }), 'a/x.js': '' },
    argv: npmTest,
    more: { cwd: 'a' },
    change: { 'a/package.json': pkg({}) },
    names: ['a/package.json', 'package.json'],
  },
  ...[
    ['npm', '--prefix', 'packages/a', 'test'],
    ['npm', '-C', 'packages/a', 'test'],
    ['npm', 'test', '-w', 'a'],
    ['npm', 'run', 'test', '--workspace=packages/a'],
    ['npm', 'test', '--workspaces'],
    ['pnpm', '-r', 'test'],
    ['pnpm', '--filter', 'a', 'test'],
    ['pnpm', '-C', 'packages/a', 'run', 'test'],
    ['yarn', 'workspace', 'a', 'test'],
    ['yarn', 'workspaces', 'foreach', '-A', 'run', 'test'],
    ['yarn', '--cwd', 'packages/a', 'test'],
    ['bun', '--filter', 'a', 'test2'],
    ['npx', 'turbo', 'run', 'test'],
    ['sh', '-c', 'cd packages/a; npm test'],
  ].map((argv): Attack => ({
    what: `a workspace member, through ${argv.join(' ')}`,
    files: {
      'package.json': pkg({}, { workspaces: ['apps/*', 'packages/*'] }),
      'packages/a/package.json': JSON.stringify({ name: 'a', scripts: { test: 'node --test', test2: 'x' } }),
    },
    argv,
    change: {
      'packages/a/package.json': JSON.stringify({ name: 'a', scripts: { test: 'true', test2: 'y' } }),
    },
    names: ['packages/a/package.json'],
  })),
  // settings of package managers
  ...(
    [
      ['npm', '.npmrc', 'script-shell=./x.sh'],
      ['npm', '.npmrc', 'node-options=--require ./x.cjs'],
      ['pnpm', '.pnpmfile.cjs', 'process.exit(0)'],
      ['pnpm', 'pnpm-workspace.yaml', 'packages: []\nscriptShell: ./x.sh\n'],
      ['yarn', '.yarnrc', 'yarn-path "./x.js"'],
      ['yarn', '.yarnrc.yml', 'yarnPath: ./x.cjs\n'],
      ['yarn', '.pnp.cjs', 'process.exit(0)'],
      ['bun', 'bunfig.toml', 'preload = ["./x.ts"]'],
      ['bun', '.env', 'NODE_OPTIONS=x'],
    ] as const
  ).map(([manager, file, content]): Attack => ({
    what: `${manager} ${file}: ${content.trim()}`,
    files: { 'package.json': pkg({ test: 'node --test' }) },
    argv: [manager, 'run', 'test'],
    change: { [file]: content },
    names: [file],
  })),
  {
    what: 'the yarn release that .yarnrc.yml names',
    files: {
      'package.json': pkg({ test: 'x' }),
      '.yarnrc.yml': 'yarnPath: .yarn/releases/yarn.cjs\n',
      '.yarn/releases/yarn.cjs': '1',
    },
    argv: ['yarn', 'test'],
    change: { '.yarn/releases/yarn.cjs': 'process.exit(0)' },
    names: ['.yarn/releases/yarn.cjs'],
  },
  // node_modules/.bin
  ...['node', 'npm', 'npx', 'git', 'sh', 'bash', 'env'].map((name): Attack => ({
    what: `a ${name} of its own in node_modules/.bin`,
    files: { 'package.json': pkg({ test: 'node --test' }) },
    argv: npmTest,
    change: { [`node_modules/.bin/${name}`]: '#!/bin/sh\nexit 0\n' },
    names: [`node_modules/.bin/${name}`],
  })),
  {
    what: 'a shadow in a member of a workspace',
    files: { 'package.json': pkg({}), 'a/package.json': pkg({ test: 'node --test' }) },
    argv: npmTest,
    more: { cwd: 'a' },
    change: { 'a/node_modules/.bin/node': 'x' },
    names: ['a/node_modules/.bin/node'],
  },
  {
    what: 'the tool replaced by a file',
    files: JEST,
    argv: npmTest,
    change: { 'node_modules/.bin/jest': '#!/bin/sh\nexit 0\n' },
    names: ['node_modules/.bin/jest'],
  },
  {
    what: 'the tool replaced by a file, with a touched lockfile',
    files: JEST,
    argv: npmTest,
    change: {
      'node_modules/.bin/jest': '#!/bin/sh\nexit 0\n',
      'package-lock.json': '{"packages":{"node_modules/jest": {"version":"29.0.0"}} }',
    },
    names: ['node_modules/.bin/jest'],
  },
  {
    what: 'the tool linked elsewhere',
    files: { ...JEST, 'node_modules/x/ok.js': '' },
    argv: npmTest,
    change: { 'node_modules/.bin/jest': '-> ../x/ok.js' },
    names: ['node_modules/.bin/jest'],
  },
  {
    what: 'the start file behind the link',
    files: JEST,
    argv: npmTest,
    change: { 'node_modules/jest/bin/jest.js': 'process.exit(0)' },
    names: ['node_modules/.bin/jest'],
  },
  {
    what: 'a fake tool where nothing was installed',
    files: { 'package.json': pkg({ test: 'jest' }) },
    argv: npmTest,
    change: { 'node_modules/.bin/jest': '#!/bin/sh\nexit 0\n' },
    names: ['node_modules/.bin/jest'],
  },
  {
    what: 'npx of a fake tool',
    files: { 'package.json': pkg({}) },
    argv: ['npx', '--no-install', 'jest', '--ci'],
    change: { 'node_modules/.bin/jest': '#!/bin/sh\nexit 0\n' },
    names: ['node_modules/.bin/jest'],
  },
  {
    what: 'the tool named by its path',
    files: JEST,
    argv: ['node', 'node_modules/.bin/jest'],
    change: { 'node_modules/.bin/jest': 'process.exit(0)' },
    names: ['node_modules/.bin/jest'],
  },
  // settings of tools
  ...(
    [
      ['jest', 'jest.config.mjs'],
      ['vitest run', 'vitest.config.ts'],
      ['mocha', '.mocharc.yml'],
      ['eslint .', 'eslint.config.js'],
      ['eslint .', '.eslintrc.json'],
      ['biome check', 'biome.json'],
      ['playwright test', 'playwright.config.ts'],
      ['ava', 'ava.config.js'],
      ['karma start', 'karma.conf.js'],
      ['tsc --noEmit', 'tsconfig.json'],
      ['prettier --check .', '.prettierignore'],
      ['oxlint', '.oxlintrc.json'],
      ['c8 node --test', '.c8rc.json'],
      ['npx jest', 'jest.config.js'],
      ['node --experimental-vm-modules node_modules/jest/bin/jest.js', 'jest.config.cjs'],
    ] as const
  ).map(([body, file]): Attack => ({
    what: `${file} appears for \`${body}\``,
    files: { 'package.json': pkg({ test: body }) },
    argv: npmTest,
    change: { [file]: '{}' },
    names: [file],
  })),
  {
    what: 'settings inside package.json',
    files: { 'package.json': pkg({ test: 'jest' }) },
    argv: npmTest,
    change: { 'package.json': pkg({ test: 'jest' }, { jest: { testMatch: [] } }) },
    names: ['package.json'],
  },
  {
    what: 'settings named on the command line',
    files: { 'package.json': pkg({ test: 'jest --config config/jest.json' }), 'config/jest.json': '{}' },
    argv: npmTest,
    change: { 'config/jest.json': '{"testMatch":[]}' },
    names: ['config/jest.json'],
  },
  {
    what: 'what tsconfig.json extends',
    files: {
      'package.json': pkg({ check: 'tsc -p tsconfig.build.json' }),
      'tsconfig.build.json': '{"extends":"./config/tsconfig.base"}',
      'config/tsconfig.base.json': '{"compilerOptions":{"strict":true}}',
    },
    argv: ['npm', 'run', 'check'],
    change: { 'config/tsconfig.base.json': '{}' },
    names: ['config/tsconfig.base.json'],
  },
  {
    what: 'what eslint.config.js imports',
    files: {
      'package.json': pkg({ lint: 'eslint .' }),
      'eslint.config.js': "import base from './tools/eslint.base.config.js'\nexport default base\n",
      'tools/eslint.base.config.js': 'export default [{rules:{x:2}}]',
    },
    argv: ['npm', 'run', 'lint'],
    change: { 'tools/eslint.base.config.js': 'export default []' },
    names: ['tools/eslint.base.config.js'],
  },
  // make and friends
  {
    what: 'the Makefile',
    files: { Makefile: 'test:\n\tpytest\n' },
    argv: ['make', 'test'],
    change: { Makefile: 'test:\n\ttrue\n' },
    names: ['Makefile'],
  },
  {
    what: 'a GNUmakefile beside it',
    files: { Makefile: 'test:\n\tgo test\n' },
    argv: ['make', 'test'],
    change: { GNUmakefile: 'test:\n\ttrue\n' },
    names: ['GNUmakefile'],
  },
  {
    what: 'a makefile it includes, that includes another',
    files: {
      Makefile: 'include mk/a.mk\n',
      'mk/a.mk': '-include mk/b*.mk\n',
      'mk/b1.mk': 'test:\n\tfalse\n',
    },
    argv: ['make', 'test'],
    change: { 'mk/b1.mk': 'test:\n\ttrue\n' },
    names: ['mk/b1.mk'],
  },
  {
    what: 'an optional include that appears',
    files: { Makefile: '-include local.mk\ntest:\n\tfalse\n' },
    argv: ['make', 'test'],
    change: { 'local.mk': 'SHELL=/bin/true\n' },
    names: ['local.mk'],
  },
  {
    what: 'make in another directory through $(MAKE)',
    files: { Makefile: 'test:\n\t@$(MAKE) -C sub test\n', 'sub/Makefile': 'test:\n\tfalse\n' },
    argv: ['make', 'test'],
    change: { 'sub/Makefile': 'test:\n\ttrue\n' },
    names: ['sub/Makefile'],
  },
  {
    what: 'an npm script behind a Makefile',
    files: { Makefile: 'test: build\n\t@npm run unit\n', 'package.json': pkg({ unit: 'node --test' }) },
    argv: ['make', 'test'],
    change: { 'package.json': pkg({ unit: 'true' }) },
    names: ['package.json'],
  },
  {
    what: 'the justfile and a script behind it',
    files: { justfile: 'test:\n    bash ci.sh\n', 'ci.sh': 'npm test\n', 'package.json': pkg({ test: 'a' }) },
    argv: ['just', 'test'],
    change: {
      justfile: 'test:\n    bash ci.sh \n',
      'ci.sh': 'true # npm test\n',
      'package.json': pkg({ test: 'b' }),
    },
    names: ['ci.sh', 'justfile', 'package.json'],
  },
  // python
  ...['pytest.py', 'sitecustomize.py', 'usercustomize.py', 'ruff.py', 'mypy/__init__.py'].map(
    (file): Attack => ({
      what: `${file} beside python -m pytest`,
      files: { 'tests/test_a.py': '' },
      argv: ['python3', '-m', 'pytest', '-q'],
      change: { [file]: '' },
      names: [file],
    }),
  ),
  {
    what: 'a module that shadows the one python -m names',
    files: {},
    argv: ['python', '-m', 'tox_x.run'],
    change: { 'tox_x.py': '' },
    names: ['tox_x.py'],
  },
  ...['pytest.ini', '.pytest.ini', 'tests/pytest.ini', 'pytest.toml'].map((file): Attack => ({
    what: `${file} appears`,
    files: { 'tests/test_a.py': '' },
    argv: ['pytest', 'tests'],
    change: { [file]: '[pytest]\naddopts = --collect-only\n' },
    names: [file],
  })),
  ...(
    [
      ['pyproject.toml', '[tool.pytest.ini_options]\naddopts="--collect-only"\n'],
      ['pyproject.toml', '[ tool . "pytest" . ini_options ]\naddopts="--collect-only"\n'],
      ['pyproject.toml', '[tool]\npytest.ini_options.addopts="--collect-only"\n'],
      ['pyproject.toml', '["t\\u006fol".pytest.ini_options]\naddopts="--collect-only"\n'],
      ['setup.cfg', '[tool:pytest]\naddopts=--collect-only\n'],
      ['tox.ini', '[pytest]\naddopts=--collect-only\n'],
    ] as const
  ).map(([file, section]): Attack => ({
    what: `${file} ${section.split('\n')[0]}`,
    files: { [file]: '[project]\nname="x"\n' },
    argv: ['uv', 'run', 'pytest'],
    change: { [file]: `[project]\nname="x"\n${section}` },
    names: [file],
  })),
  ...['json.py', 'json/__init__.py', 'json.cpython-312-x86_64-linux-gnu.so', 'judge.py', 'argparse.pyc'].map(
    (file): Attack => ({
      what: `${file} beside a pinned script`,
      files: { 'scripts/check.py': 'import sys, json\nfrom judge import it\nsys.exit(1)\n' },
      argv: ['python3', 'scripts/check.py'],
      change: { [`scripts/${file}`]: 'x' },
      names: [`scripts/${file.split('/')[0]}`],
    }),
  ),
  // others
  {
    what: 'cargo alias',
    files: { 'Cargo.toml': '' },
    argv: ['cargo', 'test'],
    change: { '.cargo/config.toml': '[alias]\ntest="version"\n' },
    names: ['.cargo/config.toml'],
  },
  {
    what: 'cargo toolchain and library tests switched off',
    files: { 'Cargo.toml': '[package]\nname="x"\n' },
    argv: ['cargo', 'test'],
    change: { 'rust-toolchain': 'x', 'Cargo.toml': '[package]\nname="x"\n[lib]\ntest = false\n' },
    names: ['Cargo.toml', 'rust-toolchain'],
  },
  {
    what: 'go.work',
    files: { 'go.mod': '' },
    argv: ['go', 'test', './...'],
    change: { 'go.work': '' },
    names: ['go.work'],
  },
  {
    what: 'maven options and a skipped test property',
    files: { mvnw: 'x', 'pom.xml': '<project><properties/></project>' },
    argv: ['./mvnw', 'verify'],
    change: {
      '.mvn/maven.config': '-DskipTests',
      'pom.xml': '<project><properties><skipTests>true</skipTests></properties></project>',
    },
    names: ['.mvn', 'pom.xml'],
  },
  {
    what: 'the gradle wrapper and its script',
    files: { gradlew: 'x', 'gradle/wrapper/gradle-wrapper.properties': 'a', 'settings.gradle': '' },
    argv: ['./gradlew', 'test'],
    change: {
      gradlew: 'true',
      'gradle/wrapper/gradle-wrapper.properties': 'b',
      'settings.gradle': 'gradle.startParameter.excludedTaskNames = ["test"]',
    },
    names: ['gradle/wrapper', 'gradlew', 'settings.gradle'],
  },
  {
    what: 'MSBuild properties for everything',
    files: {},
    argv: ['dotnet', 'test'],
    more: { cwd: 'src/x' },
    change: { 'src/Directory.Build.targets': '<Project/>' },
    names: ['src/Directory.Build.targets'],
  },
  {
    what: 'Rakefile behind bundle exec, and .rspec',
    files: { Rakefile: 'a' },
    argv: ['bundle', 'exec', 'rake', 'test'],
    change: { Rakefile: 'b', '.rspec': '--dry-run' },
    names: ['.rspec', 'Rakefile'],
  },
  {
    what: 'a composer script behind another (phpunit falls out of use with it)',
    files: {
      'composer.json': '{"scripts":{"check":["@unit"],"unit":"vendor/bin/phpunit"}}',
      'phpunit.xml.dist': '',
    },
    argv: ['composer', 'run', 'check'],
    change: { 'composer.json': '{"scripts":{"check":["@unit"],"unit":"true"}}' },
    names: ['composer.json', 'phpunit.xml.dist'],
  },
  {
    what: 'phpunit.xml before phpunit.xml.dist',
    files: { 'phpunit.xml.dist': '<x/>' },
    argv: ['vendor/bin/phpunit'],
    change: { 'phpunit.xml': '<y/>' },
    names: ['phpunit.xml'],
  },
  // files run directly
  ...(
    [
      [['./scripts/check.sh'], 'scripts/check.sh'],
      [['bash', 'ci.sh'], 'ci.sh'],
      [['sh', '-e', 'test.sh'], 'test.sh'],
      [['node', 'scripts/x.js'], 'scripts/x.js'],
      [['node', '--no-warnings', '--require', './hook.cjs', '--test'], 'hook.cjs'],
      [['python', 'tools/check.py'], 'tools/check.py'],
      [['sh', '-c', 'cd tools && ./run'], 'tools/run'],
      [['npx', 'tsx', 'scripts/check.ts'], 'scripts/check.ts'],
    ] as const
  ).map(([argv, file]): Attack => ({
    what: `the file run by ${argv.join(' ')}`,
    files: { [file]: '#!/bin/sh\nfalse\n' },
    argv,
    change: { [file]: '#!/bin/sh\ntrue\n' },
    names: [file],
  })),
  {
    what: 'a file the config pins, and one it wants absent',
    files: { 'golden.txt': 'a' },
    argv: ['cmp', 'golden.txt', 'out.txt'],
    more: { pins: ['golden.txt', 'never.txt', 'fixtures'] },
    change: { 'golden.txt': 'b', 'never.txt': '', 'fixtures/a': 'x' },
    names: ['fixtures/a', 'golden.txt', 'never.txt']
      .filter((name) => name !== 'fixtures/a')
      .concat('fixtures'),
  },
  {
    what: 'the directory of the script swapped for a link to the same content',
    files: { 'scripts/check.sh': 'false', 'copy/check.sh': 'false' },
    argv: ['bash', 'scripts/check.sh'],
    change: { scripts: '-> copy' },
    names: ['scripts/check.sh'],
  },
  // nested agent directories
  ...[
    'a/.codex/autoloop.project.json',
    'a/b/.codex/hooks.json',
    'a/.agents/skills/x/SKILL.md',
    'docs/.codex/config.toml',
  ].map((file): Attack => ({
    what: `${file} appears`,
    files: { 'a/b/x': '', 'docs/x': '' },
    argv: ['true'],
    more: { cwd: 'a/b' },
    change: { [file]: '{}' },
    names: [file.replace(/(\.codex|\.agents).*/, '$1')],
  })),
]

describe('every attack on a definition is named', () => {
  test.each(attacks)('$what', ({ files, argv, more, change, names }) => {
    const found = changed(files, [command(argv, more)], change)
    expect([...new Set(found.map((one) => one.file))].sort()).toEqual([...names].sort())
  })
})
