/** A small project that needs nothing from elsewhere, and a bug in it that its own commands find. */
export interface Project {
  readonly name: string
  /** Each must exit with 0 where the project can be run at all. */
  readonly needs: readonly (readonly string[])[]
  readonly files: Readonly<Record<string, string>>
  /** Run outside the sandbox before, as a person would. */
  readonly prepare?: readonly (readonly string[])[]
  /** Names of the generated commands. */
  readonly commands: readonly string[]
  readonly bug: Readonly<Record<string, string>>
  /** Commands that fail after it. */
  readonly fail: readonly string[]
}

const cSource = (sum: string): string => `int add(int a, int b) { return ${sum}; }\n`
const cTest = 'int add(int a, int b);\nint main(void) { return add(2, 2) == 4 ? 0 : 1; }\n'

const rustSource = (sum: string): string =>
  `pub fn add(a: i32, b: i32) -> i32 { ${sum} }\n#[test]\nfn adds() { assert_eq!(add(2, 2), 4); }\n`

const goTest =
  'package x\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(2, 2) != 4 {\n\t\tt.Fatal("wrong")\n\t}\n}\n'
const goSource = (sum: string): string => `package x\n\nfunc Add(a, b int) int { return ${sum} }\n`

const javaTest =
  'package x; import org.junit.*; public class AddTest { @Test public void adds() { Assert.assertEquals(4, Add.add(2, 2)); } }\n'
const javaSource = (sum: string): string =>
  `package x; public class Add { public static int add(int a, int b) { return ${sum}; } }\n`

const pythonSource = (sum: string): string => `def add(a, b):\n    return ${sum}\n`
const rubySource = (sum: string): string => `def add(a, b) = ${sum}\n`
const phpSource = (sum: string): string => `<?php\nfunction add(int $a, int $b): int { return ${sum}; }\n`
const phpTest = `<?php
require_once __DIR__ . '/../src/add.php';
final class AddTest extends PHPUnit\\Framework\\TestCase {
  public function testAdd(): void { $this->assertSame(4, add(2, 2)); }
}
`

export const projects: readonly Project[] = [
  {
    name: 'npm',
    needs: [['npm', '--version']],
    files: {
      'package.json': JSON.stringify({ scripts: { lint: 'node --check add.js', test: 'node add.test.js' } }),
      'package-lock.json': '{"lockfileVersion": 3, "packages": {}}',
      'add.js': 'exports.add = (a, b) => a + b\n',
      'add.test.js': 'require("node:assert").equal(require("./add.js").add(2, 2), 4)\n',
    },
    commands: ['lint', 'test'],
    bug: { 'add.js': 'exports.add = (a, b) => a - b\n' },
    fail: ['test'],
  },
  {
    name: 'npm workspaces',
    needs: [['npm', '--version']],
    files: {
      'package.json': JSON.stringify({ name: 'root', workspaces: ['packages/*'] }),
      'package-lock.json': '{"lockfileVersion": 3, "packages": {}}',
      'packages/a/package.json': JSON.stringify({ name: 'a', scripts: { test: 'node --check a.js' } }),
      'packages/a/a.js': '1\n',
      'packages/b/package.json': JSON.stringify({ name: 'b' }),
    },
    commands: ['test'],
    bug: { 'packages/a/a.js': '1 +\n' },
    fail: ['test'],
  },
  {
    name: 'npm workspaces, of which one has no test yet',
    needs: [['npm', '--version']],
    files: {
      'package-lock.json': JSON.stringify({ lockfileVersion: 3 }),
      'package.json': JSON.stringify({ name: 'root', workspaces: ['packages/*'] }),
      'packages/a/package.json': JSON.stringify({
        name: 'a',
        version: '1.0.0',
        scripts: { test: 'node test.js' },
      }),
      'packages/a/test.js': 'if (2 + 2 !== 4) process.exit(1)\n',
      'packages/b/package.json': JSON.stringify({
        name: 'b',
        version: '1.0.0',
        scripts: { test: 'echo "Error: no test specified" && exit 1' },
      }),
    },
    commands: ['test'],
    bug: { 'packages/a/test.js': 'process.exit(1)\n' },
    fail: ['test'],
  },
  {
    name: 'make',
    needs: [
      ['make', '--version'],
      ['cc', '--version'],
    ],
    files: {
      Makefile:
        '.PHONY: test\ntest: add-test\n\t./add-test\nadd-test: add.c test.c\n\t$(CC) -o $@ add.c test.c\n',
      'add.c': cSource('a + b'),
      'test.c': cTest,
    },
    commands: ['test'],
    bug: { 'add.c': cSource('a - b') },
    fail: ['test'],
  },
  {
    name: 'CMake',
    needs: [
      ['cmake', '--version'],
      ['ctest', '--version'],
      ['cc', '--version'],
      ['make', '--version'],
    ],
    files: {
      'CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.16)\nproject(x C)\nenable_testing()\nadd_executable(t add.c test.c)\nadd_test(NAME t COMMAND t)\n',
      'add.c': cSource('a + b'),
      'test.c': cTest,
    },
    commands: ['configure', 'build', 'test'],
    bug: { 'add.c': cSource('a - b') },
    fail: ['test'],
  },
  {
    name: 'Cargo',
    needs: [
      ['cargo', '--version'],
      ['cc', '--version'],
    ],
    files: {
      'Cargo.toml': '[package]\nname = "add"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/lib.rs': rustSource('a + b'),
    },
    commands: ['typecheck', 'test'],
    bug: { 'src/lib.rs': rustSource('a - b') },
    fail: ['test'],
  },
  {
    name: 'Cargo, with an error of types',
    needs: [
      ['cargo', '--version'],
      ['cc', '--version'],
    ],
    files: {
      'Cargo.toml': '[workspace]\nmembers = ["add"]\nresolver = "2"\n',
      'add/Cargo.toml': '[package]\nname = "add"\nversion = "0.1.0"\nedition = "2021"\n',
      'add/src/lib.rs': rustSource('a + b'),
    },
    commands: ['typecheck', 'test'],
    bug: { 'add/src/lib.rs': rustSource('"4"') },
    fail: ['typecheck', 'test'],
  },
  {
    name: 'Go',
    needs: [['go', 'version']],
    files: {
      'go.mod': 'module example.com/x\n\ngo 1.18\n',
      'add.go': goSource('a + b'),
      'add_test.go': goTest,
    },
    commands: ['vet', 'test'],
    bug: { 'add.go': goSource('a - b') },
    fail: ['test'],
  },
  {
    name: 'Go workspace',
    needs: [['go', 'version']],
    files: {
      'go.work': 'go 1.18\n\nuse (\n\t./one\n\t./two\n)\n',
      'one/go.mod': 'module example.com/one\n\ngo 1.18\n',
      'one/add.go': goSource('a + b'),
      'two/go.mod': 'module example.com/two\n\ngo 1.18\n',
      'two/add.go': goSource('a + b'),
      'two/add_test.go': goTest,
    },
    commands: ['vet', 'test'],
    bug: { 'two/add.go': goSource('a - b') },
    fail: ['test'],
  },
  {
    name: 'Go modules that go.work leaves out',
    needs: [['go', 'version']],
    files: {
      'go.work': 'go 1.18\n\nuse ./one\n',
      'one/go.mod': 'module example.com/one\n\ngo 1.18\n',
      'one/add.go': goSource('a + b'),
      'two/go.mod': 'module example.com/two\n\ngo 1.18\n',
      'two/add.go': goSource('a + b'),
      'two/add_test.go': goTest,
    },
    commands: ['vet', 'test', 'test-two'],
    bug: { 'two/add.go': goSource('a - b') },
    fail: ['test-two'],
  },
  {
    name: 'Maven',
    // Debian keeps a repository of plugins for builds without network.
    needs: [
      ['mvn', '--version'],
      ['test', '-d', '/usr/share/maven-repo/org/apache/maven/plugins/maven-surefire-plugin'],
      ['test', '-d', '/usr/share/maven-repo/org/apache/maven/plugins/maven-compiler-plugin'],
      ['test', '-d', '/usr/share/maven-repo/org/apache/maven/plugins/maven-resources-plugin'],
      ['test', '-d', '/usr/share/maven-repo/junit/junit/4.x'],
    ],
    files: {
      '.mvn/maven.config': '--offline\n-Dmaven.repo.local=/usr/share/maven-repo\n',
      'pom.xml': `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId><artifactId>x</artifactId><version>1</version>
  <properties>
    <maven.compiler.source>11</maven.compiler.source><maven.compiler.target>11</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.x</version><scope>test</scope></dependency>
  </dependencies>
</project>
`,
      'src/main/java/x/Add.java': javaSource('a + b'),
      'src/test/java/x/AddTest.java': javaTest,
    },
    commands: ['test'],
    bug: { 'src/main/java/x/Add.java': javaSource('a - b') },
    fail: ['test'],
  },
  {
    name: 'pytest',
    needs: [['python3', '-m', 'pytest', '--version']],
    files: {
      'pyproject.toml': '[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
      'add.py': pythonSource('a + b'),
      'tests/test_add.py': 'from add import add\n\n\ndef test_add():\n    assert add(2, 2) == 4\n',
    },
    commands: ['test'],
    bug: { 'add.py': pythonSource('a - b') },
    fail: ['test'],
  },
  {
    name: 'unittest',
    needs: [['python3', '--version']],
    files: {
      'setup.py': '',
      'add.py': pythonSource('a + b'),
      'tests/test_add.py':
        'import unittest\nfrom add import add\n\n\nclass T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(2, 2), 4)\n',
    },
    commands: ['test'],
    bug: { 'add.py': pythonSource('a - b') },
    fail: ['test'],
  },
  {
    name: 'mypy',
    needs: [['python3', '-m', 'mypy', '--version']],
    files: { 'mypy.ini': '[mypy]\n', 'add.py': 'def add(a: int, b: int) -> int:\n    return a + b\n' },
    commands: ['typecheck'],
    bug: { 'add.py': 'def add(a: int, b: int) -> str:\n    return a + b\n' },
    fail: ['typecheck'],
  },
  {
    name: 'ruff',
    needs: [['python3', '-m', 'ruff', '--version']],
    files: { 'ruff.toml': '', 'add.py': 'X = 1\n' },
    commands: ['lint'],
    bug: { 'add.py': 'import os\n' },
    fail: ['lint'],
  },
  {
    name: 'RSpec',
    needs: [['rspec', '--version']],
    files: {
      '.rspec': '--require spec_helper\n',
      'spec/spec_helper.rb': 'require_relative "../add"\n',
      'spec/add_spec.rb': 'RSpec.describe("add") { it { expect(add(2, 2)).to eq 4 } }\n',
      'add.rb': rubySource('a + b'),
    },
    commands: ['test'],
    bug: { 'add.rb': rubySource('a - b') },
    fail: ['test'],
  },
  {
    name: 'Rake',
    needs: [
      ['rake', '--version'],
      ['ruby', '-e', 'require "minitest"'],
    ],
    files: {
      Rakefile: 'require "rake/testtask"\n\nRake::TestTask.new(:test)\n',
      'add.rb': rubySource('a + b'),
      'test/test_add.rb':
        'require "minitest/autorun"\nrequire_relative "../add"\nclass TestAdd < Minitest::Test\n  def test_add = assert_equal(4, add(2, 2))\nend\n',
    },
    commands: ['test'],
    bug: { 'add.rb': rubySource('a - b') },
    fail: ['test'],
  },
  {
    name: 'PHPUnit',
    needs: [['phpunit', '--version']],
    files: {
      'phpunit.xml':
        '<phpunit><testsuites><testsuite name="all"><directory>tests</directory></testsuite></testsuites></phpunit>\n',
      'src/add.php': phpSource('$a + $b'),
      'tests/AddTest.php': phpTest,
    },
    commands: ['test'],
    bug: { 'src/add.php': phpSource('$a - $b') },
    fail: ['test'],
  },
  {
    name: 'Composer scripts',
    needs: [
      ['composer', '--version'],
      ['php', '--version'],
    ],
    files: {
      'composer.json': JSON.stringify({
        name: 'x/x',
        scripts: { test: '@php tests/run.php', lint: '@php -l src/add.php' },
      }),
      'src/add.php': phpSource('$a + $b'),
      'tests/run.php': "<?php\nrequire __DIR__ . '/../src/add.php';\nexit(add(2, 2) === 4 ? 0 : 1);\n",
    },
    commands: ['lint', 'test'],
    bug: { 'src/add.php': phpSource('$a - $b') },
    fail: ['test'],
  },
  {
    name: 'pre-commit',
    needs: [
      ['pre-commit', '--version'],
      ['git', '--version'],
    ],
    files: {
      '.pre-commit-config.yaml':
        'repos:\n- repo: local\n  hooks:\n  - id: no-todo\n    name: no-todo\n    language: system\n    entry: sh -c "! grep -n TODO notes.txt"\n    files: notes.txt\n',
      'notes.txt': 'fine\n',
    },
    prepare: [['pre-commit', 'install-hooks']],
    commands: ['pre-commit'],
    bug: { 'notes.txt': 'TODO\n' },
    fail: ['pre-commit'],
  },
  ...(
    [
      ['pnpm', 'pnpm-lock.yaml', "lockfileVersion: '9.0'\n"],
      ['yarn', 'yarn.lock', '# yarn lockfile v1\n'],
      ['bun', 'bun.lock', '{"lockfileVersion": 1, "workspaces": {"": {"name": "x"}}, "packages": {}}\n'],
    ] as const
  ).flatMap(([tool, lock, text]): Project[] => {
    const needs = [[tool, '--version']]
    const js = 'if (2 + 2 !== 4) process.exit(1)\n'
    const wrong = js.replace('4', '5')
    const script = JSON.stringify({ name: 'a', version: '1.0.0', scripts: { test: 'node test.js' } })
    return [
      {
        name: tool,
        needs,
        files: { [lock]: text, 'package.json': script, 'test.js': js },
        commands: ['test'],
        bug: { 'test.js': wrong },
        fail: ['test'],
      },
      {
        name: `${tool} workspaces`,
        needs,
        files: {
          [lock]: text,
          'package.json': JSON.stringify({ name: 'root', private: true, workspaces: ['packages/*'] }),
          'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
          'packages/a/package.json': script,
          'packages/a/test.js': js,
        },
        commands: ['test'],
        bug: { 'packages/a/test.js': wrong },
        fail: ['test'],
      },
    ]
  }),
  {
    name: "Deno's linter",
    needs: [['deno', '--version']],
    files: {
      'deno.json': '{"lint": {}, "tasks": {"test": "deno test"}}\n',
      'a_test.ts': 'Deno.test("x", () => {})\n',
    },
    commands: ['lint', 'test'],
    bug: { 'a_test.ts': 'Deno.test("x", () => { let y = 1; throw y })\n' },
    fail: ['lint', 'test'],
  },
  {
    name: 'tox',
    needs: [['tox', '--version']],
    files: {
      'tox.ini':
        '[tox]\nskipsdist = true\n[testenv]\nskip_install = true\ncommands = python -c "import add; assert add.add(2, 2) == 4"\n',
      'add.py': pythonSource('a + b'),
    },
    commands: ['test'],
    bug: { 'add.py': pythonSource('a - b') },
    fail: ['test'],
  },
  ...(
    [
      ['just', 'justfile', 'test:\n    sh check.sh\n'],
      ['task', 'Taskfile.yml', 'version: "3"\ntasks:\n  test:\n    cmds:\n      - sh check.sh\n'],
      ['deno', 'deno.json', '{"tasks": {"test": "sh check.sh"}}\n'],
    ] as const
  ).map(([tool, file, text]) => ({
    name: tool,
    needs: [[tool, '--version']],
    files: { [file]: text, 'check.sh': 'exit 0\n' },
    commands: ['test'],
    bug: { 'check.sh': 'exit 1\n' },
    fail: ['test'],
  })),
]
