import type { Project } from './project.ts'

const python = (sum: string): string => `def add(a, b):\n    return ${sum}\n`
const flask = (status: string): string => `from flask import Flask, jsonify, request

app = Flask(__name__)


@app.post("/items")
def create():
    return jsonify(name=request.get_json()["name"]), ${status}
`
const go = (sum: string): string => `package add\n\nfunc Add(a, b int) int { return ${sum} }\n`
const goTest = `package add

import "testing"

func TestAdd(t *testing.T) {
	if got := Add(2, 2); got != 4 {
		t.Fatalf("the sum is %d", got)
	}
}
`
const rust = (sum: string): string => `pub fn add(a: i32, b: i32) -> i32 {
    ${sum}
}
`
const ruby = (sum: string): string => `def add(a, b) = ${sum}\n`
const php = (sum: string): string => `<?php\nfunction add(int $a, int $b): int { return ${sum}; }\n`

const c = (sum: string): string => `int add(int a, int b) { return ${sum}; }\n`

/** What other languages' tests do; their tools are Debian's. */
export const systemProjects: readonly Project[] = [
  {
    name: 'pytest with xdist',
    needs: ['pytest-3'],
    files: {
      'pyproject.toml':
        '[tool.pytest.ini_options]\ntestpaths = ["tests"]\naddopts = "-n 2"\npythonpath = ["src"]\n',
      'requirements.txt': 'pytest\npytest-xdist\n',
      'src/add.py': python('a + b'),
      'tests/test_add.py':
        'import pytest\nfrom add import add\n\n\n@pytest.mark.parametrize("n", range(8))\ndef test_add(n):\n    assert add(n, 2) == n + 2\n',
    },
    gates: ['test'],
    bug: { file: 'src/add.py', text: python('a - b') },
    reason: /assert -2 == \(0 \+ 2\)/,
  },
  {
    name: 'Flask',
    needs: ['flask'],
    files: {
      'requirements.txt': 'flask\npytest\n',
      'pytest.ini': '[pytest]\npythonpath = .\n',
      'shop/__init__.py': '',
      'shop/app.py': flask('201'),
      'tests/test_app.py': `import json
import threading
import urllib.request

from werkzeug.serving import make_server

from shop.app import app


def test_create_over_a_real_socket():
    server = make_server("127.0.0.1", 0, app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/items", b'{"name": "tea"}', {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        assert (response.status, json.load(response)) == (201, {"name": "tea"})
    server.shutdown()
`,
    },
    gates: ['test'],
    bug: { file: 'shop/app.py', text: flask('200') },
    reason: /assert \(200, .*== \(201,/,
  },
  {
    name: 'Go with modules below the root',
    needs: ['go'],
    files: {
      'go.mod': 'module example.test/root\n\ngo 1.19\n',
      'add.go': go('a + b'),
      'add_test.go': goTest,
      'tools/gen/go.mod': 'module example.test/root/tools/gen\n\ngo 1.19\n',
      'tools/gen/add.go': go('b + a'),
      'tools/gen/add_test.go': goTest,
    },
    prepare: [['go', 'build', './...']],
    gates: ['vet', 'test', 'test-tools-gen'],
    bug: { file: 'tools/gen/add.go', text: go('a - b') },
    reason: /gate test-tools-gen[^]*the sum is 0/,
  },
  {
    name: 'cargo without network',
    needs: ['cargo'],
    files: {
      'Cargo.toml':
        '[package]\nname = "add"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nunit = { path = "vendor/unit" }\n',
      'Cargo.lock':
        'version = 3\n\n[[package]]\nname = "add"\nversion = "0.1.0"\ndependencies = [\n "unit",\n]\n\n[[package]]\nname = "unit"\nversion = "0.1.0"\n',
      '.gitignore': 'target\n',
      'vendor/unit/Cargo.toml': '[package]\nname = "unit"\nversion = "0.1.0"\nedition = "2021"\n',
      'vendor/unit/src/lib.rs': 'pub const TWO: i32 = 2;\n',
      'src/lib.rs': rust('a + b'),
      'tests/add.rs': '#[test]\nfn adds() {\n    assert_eq!(add::add(unit::TWO, 2), 4, "the sum");\n}\n',
    },
    gates: ['typecheck', 'test'],
    bug: { file: 'src/lib.rs', text: rust('a - b') },
    reason: /the sum/,
  },
  {
    name: 'CMake with ctest',
    needs: ['cmake', 'cc', 'make'],
    files: {
      'CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.16)\nproject(add C)\nenable_testing()\nadd_executable(add_test src/add.c test/add_test.c)\nadd_test(NAME add COMMAND add_test)\n',
      '.gitignore': 'build\n',
      'src/add.c': c('a + b'),
      'test/add_test.c':
        '#include <stdio.h>\nint add(int a, int b);\nint main(void) {\n  if (add(2, 2) == 4) return 0;\n  printf("the sum is %d\\n", add(2, 2));\n  return 1;\n}\n',
    },
    gates: ['configure', 'build', 'test'],
    bug: { file: 'src/add.c', text: c('a - b') },
    reason: /the sum is 0/,
  },
  {
    name: 'Ruby with minitest',
    needs: ['ruby', 'rake'],
    files: {
      Rakefile: 'require "rake/testtask"\n\nRake::TestTask.new(:test)\ntask default: :test\n',
      'lib/add.rb': ruby('a + b'),
      'test/test_add.rb':
        'require "minitest/autorun"\nrequire "add"\nclass TestAdd < Minitest::Test\n  def test_add = assert_equal(4, add(2, 2), "the sum")\nend\n',
    },
    gates: ['test'],
    bug: { file: 'lib/add.rb', text: ruby('a - b') },
    reason: /the sum/,
  },
  {
    name: 'PHPUnit',
    needs: ['phpunit'],
    files: {
      'phpunit.xml':
        '<phpunit><testsuites><testsuite name="all"><directory>tests</directory></testsuite></testsuites></phpunit>\n',
      'src/add.php': php('$a + $b'),
      'tests/AddTest.php':
        "<?php\nrequire_once __DIR__ . '/../src/add.php';\nfinal class AddTest extends PHPUnit\\Framework\\TestCase {\n  public function testAdd(): void { $this->assertSame(4, add(2, 2)); }\n}\n",
    },
    gates: ['test'],
    bug: { file: 'src/add.php', text: php('$a - $b') },
    reason: /0 is identical to 4/,
  },
]
