// Repositories of other languages; their tools are those of the machine.
import { each } from './texts.js'

const pythonModule = (n, word = '') => `# ${n} ${word}\ndef add(a, b):\n    return a + b\n`

export const python = {
  name: 'Python',
  programs: ['/usr/bin/python3', 'pytest-3'],
  files: {
    'pyproject.toml': '[tool.pytest.ini_options]\ntestpaths = ["tests"]\npythonpath = ["src"]\n',
    '.gitignore': '.venv\n__pycache__\n.pytest_cache\n',
    ...each(60, (n) => [`src/part_${n}.py`, pythonModule(n)]),
    ...each(60, (n) => [
      `tests/test_part_${n}.py`,
      `import part_${n}\n\n\ndef test_add():\n    assert part_${n}.add(2, 2) == 4\n`,
    ]),
  },
  prepare: [['/usr/bin/python3', '-I', '-m', 'venv', '--system-site-packages', '--without-pip', '.venv']],
  gates: { test: ['.venv/bin/python', '-m', 'pytest', '-q'] },
  hold: ['src/hold.py', ''],
  edit: (word) => ['src/part_3.py', pythonModule(3, word)],
}

const goFile = (n, word = '') => `package p${n}

import "net/http"

// Add adds. ${word}
func Add(a, b int) int { return a + b }

// Status is of the server.
func Status() int { return http.StatusOK }
`

export const go = {
  name: 'Go',
  programs: ['go'],
  files: {
    'go.mod': 'module example.test/root\n\ngo 1.19\n',
    ...each(12, (n) => [`p${n}/add.go`, goFile(n)]),
    ...each(12, (n) => [
      `p${n}/add_test.go`,
      `package p${n}\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(2, 2) != 4 {\n\t\tt.Fatal("the sum")\n\t}\n}\n`,
    ]),
  },
  prepare: [],
  gates: { vet: ['go', 'vet', './...'], test: ['go', 'test', './...'] },
  hold: ['p3/hold.go', 'package p3\n'],
  edit: (word) => ['p3/add.go', goFile(3, word)],
}

const CRATES = 6
const crate = (name, more = '') =>
  `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n${more}`
const functions = (count) =>
  each(
    count,
    (n) => [
      n,
      `pub fn f${n}(all: &[u64]) -> String { format!("{:?}", all.iter().map(|one| one + ${n}).collect::<Vec<_>>()) }`,
    ],
    (made) => Object.values(made).join('\n'),
  )
const library = (word = '') => `// ${word}
pub fn add(a: u64, b: u64) -> u64 {
    a + b
}
pub fn shown() -> String {
    format!("{}", ${Array.from({ length: CRATES }, (_, n) => `c${n}::f0(&[1]).len()`).join(' + ')})
}
`

export const cargo = {
  name: 'cargo',
  programs: ['cargo'],
  files: {
    'Cargo.toml': crate(
      'add',
      Array.from({ length: CRATES }, (_, n) => `c${n} = { path = "vendor/c${n}" }\n`).join(''),
    ),
    '.gitignore': 'target\n',
    ...each(CRATES, (n) => [`vendor/c${n}/Cargo.toml`, crate(`c${n}`)]),
    ...each(CRATES, (n) => [`vendor/c${n}/src/lib.rs`, `${functions(150)}\n`]),
    'src/lib.rs': library(),
    'tests/add.rs':
      '#[test]\nfn adds() {\n    assert_eq!(add::add(2, 2), 4);\n    assert!(!add::shown().is_empty());\n}\n',
  },
  person: [['cargo', 'generate-lockfile', '--offline']],
  prepare: [],
  keeps: ['target/**'],
  gates: { test: ['cargo', 'test', '--offline', '--quiet'] },
  hold: ['src/hold.rs', ''],
  edit: (word) => ['src/lib.rs', library(word)],
}
