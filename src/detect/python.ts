import { ok } from '../base/result.ts'
import { found, tableOf, tables } from './found.ts'
import { RepoFiles } from './files.ts'
import type { ChosenTool, DetectedCommand, Detector } from './detection.ts'

const PROJECT_FILES = [
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'requirements.txt',
  'Pipfile',
  'tox.ini',
  'tox.toml',
  'noxfile.py',
  'pytest.ini',
  '.pytest.ini',
  'ruff.toml',
  '.ruff.toml',
  'mypy.ini',
  '.mypy.ini',
  'pyrightconfig.json',
  '.venv/pyvenv.cfg',
]

const DEPENDENCY_FILES = [
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'Pipfile',
  'requirements.txt',
  'requirements-dev.txt',
  'requirements-test.txt',
  'dev-requirements.txt',
  'test-requirements.txt',
  'requirements_dev.txt',
  'requirements/dev.txt',
  'requirements/test.txt',
]

/** Lock file and pyproject table of each manager, and the words that run a tool in its environment. */
const MANAGERS = [
  { name: 'uv', lock: 'uv.lock', table: 'tool.uv', run: ['uv', 'run'] },
  { name: 'poetry', lock: 'poetry.lock', table: 'tool.poetry', run: ['poetry', 'run'] },
  { name: 'pdm', lock: 'pdm.lock', table: 'tool.pdm', run: ['pdm', 'run'] },
  { name: 'pipenv', lock: 'Pipfile.lock', table: null, run: ['pipenv', 'run'] },
] as const

/** Where a tool's settings say that the project uses it. */
interface Settings {
  readonly files: readonly string[]
  /** Table of pyproject.toml. */
  readonly table: string
  /** File and section of the INI files. */
  readonly sections: readonly (readonly [string, string])[]
}

const SETTINGS = {
  pytest: {
    files: ['pytest.ini', '.pytest.ini', 'pytest.toml', '.pytest.toml'],
    table: 'tool.pytest',
    sections: [
      ['tox.ini', 'pytest'],
      ['setup.cfg', 'tool:pytest'],
    ],
  },
  ruff: { files: ['ruff.toml', '.ruff.toml'], table: 'tool.ruff', sections: [] },
  mypy: { files: ['mypy.ini', '.mypy.ini'], table: 'tool.mypy', sections: [['setup.cfg', 'mypy']] },
  pyright: { files: ['pyrightconfig.json'], table: 'tool.pyright', sections: [] },
  tox: {
    files: ['tox.toml'],
    table: 'tool.tox',
    sections: [
      ['tox.ini', 'tox'],
      ['tox.ini', 'testenv'],
    ],
  },
} as const satisfies Record<string, Settings>

type Evidence = Pick<DetectedCommand, 'file' | 'evidence' | 'reason'>
type Runner = { readonly tool: ChosenTool; readonly argv: (module: string) => string[] }

/** Python: type checkers and linters that are configured, and pytest, unittest, tox or nox, run by the project's own manager. */
export const python: Detector = {
  name: 'python',
  prefix: 'py',
  detect({ root }) {
    const look = new RepoFiles(root)
    const isProject = look.first(...PROJECT_FILES) !== undefined || look.has('conftest.py')
    if (!isProject) return ok(null)
    const runner = chooseRunner(look)
    if (typeof runner === 'string')
      return ok({ ecosystem: 'python', tool: null, commands: [], notes: [runner] })
    const notes: string[] = []
    const commands = [...staticChecks(look, runner), ...testCommands(look, runner, notes)]
    return ok({ ecosystem: 'python', tool: runner.tool, commands, notes })
  },
}

/** The manager by lock file, then by table; a text when it is not certain. */
function chooseRunner(look: RepoFiles): Runner | string {
  const locked = MANAGERS.filter((one) => look.has(one.lock))
  if (locked.length > 1)
    return `the Python commands are left out: ${locked.map((one) => one.lock).join(' and ')} name different managers`
  const pyproject = look.text('pyproject.toml')
  const named = MANAGERS.filter((one) => one.table !== null && tableOf(pyproject, one.table) !== undefined)
  const [manager] = locked.length === 1 ? locked : named.length === 1 ? named : []
  if (manager !== undefined) {
    const reason = locked.length === 1 ? manager.lock : `[${manager.table}] in pyproject.toml`
    return { tool: { name: manager.name, reason }, argv: (module) => [...manager.run, module] }
  }
  // The PATH of gates holds nothing of the workspace, so an environment in it has to be named.
  const venv = ['.venv', 'venv'].find(
    (dir) => look.has(`${dir}/pyvenv.cfg`) && look.exists(`${dir}/bin/python`),
  )
  return venv === undefined
    ? {
        tool: { name: 'python3', reason: 'no manager, no .venv' },
        argv: (module) => ['python3', '-m', module],
      }
    : {
        tool: { name: `${venv}/bin/python`, reason: `${venv}/pyvenv.cfg` },
        argv: (module) => [`${venv}/bin/python`, '-m', module],
      }
}

function staticChecks(look: RepoFiles, runner: Runner): DetectedCommand[] {
  const commands: DetectedCommand[] = []
  const mypy = settingsOf(look, SETTINGS.mypy)
  const pyright = settingsOf(look, SETTINGS.pyright)
  const ruff = settingsOf(look, SETTINGS.ruff)
  if (mypy !== null) {
    const targets = mypyNamesTargets(look.text(mypy.file) ?? '') ? [] : ['.']
    const argv = [...runner.argv('mypy'), ...targets]
    commands.push(found({ name: 'typecheck', argv, fast: true, does: [['mypy']], ...mypy }))
  }
  if (pyright !== null)
    commands.push(
      found({
        name: mypy === null ? 'typecheck' : 'pyright',
        argv: runner.argv('pyright'),
        fast: true,
        does: [['pyright']],
        ...pyright,
      }),
    )
  if (ruff !== null) {
    const argv = [...runner.argv('ruff'), 'check', '.']
    commands.push(found({ name: 'lint', argv, fast: true, does: [['ruff', 'check']], ...ruff }))
  }
  return commands
}

/** pytest or unittest in this environment; else the project's tox or nox, which make environments of their own. */
function testCommands(look: RepoFiles, runner: Runner, notes: string[]): DetectedCommand[] {
  const tests = look.find(/^(?:test_.*|.*_test)\.py$/, 4)
  const pytest = settingsOf(look, SETTINGS.pytest) ?? conftest(look) ?? dependency(look, 'pytest')
  const tox = settingsOf(look, SETTINGS.tox)
  const nox = look.has('noxfile.py') ? 'noxfile.py' : null
  if (pytest !== null && tests !== undefined) {
    for (const other of [tox?.file, nox])
      if (other) notes.push(`${other} is not used: pytest is called directly`)
    return [found({ name: 'test', argv: runner.argv('pytest'), does: [['pytest'], ['py.test']], ...pytest })]
  }
  if (tox !== null)
    return [
      found({
        name: 'test',
        argv: ['tox'],
        timeoutSeconds: 1800,
        does: [['tox']],
        ...tox,
        reason: 'tox is how it is tested',
      }),
    ]
  if (nox !== null)
    return [
      found({
        name: 'test',
        argv: ['nox'],
        timeoutSeconds: 1800,
        does: [['nox']],
        file: nox,
        evidence: 'sessions',
        reason: 'nox is how it is tested',
      }),
    ]
  if (pytest !== null) {
    notes.push(
      `pytest is left out: there is no test_*.py or *_test.py yet, and without tests it fails (${pytest.file})`,
    )
    return []
  }
  if (tests === undefined || !/^(?:import|from) unittest\b/m.test(look.text(tests) ?? '')) return []
  const dir = tests.includes('/') ? tests.slice(0, tests.indexOf('/')) : null
  const discover = dir === null || look.has(`${dir}/__init__.py`) ? [] : ['discover', '-s', dir]
  return [
    found({
      name: 'test',
      // unittest is part of Python: the manager only chooses the interpreter.
      argv: [
        ...(runner.tool.name.includes('python')
          ? runner.argv('unittest')
          : [...runner.argv('python'), '-m', 'unittest']),
        ...discover,
      ],
      does: [['unittest']],
      file: tests,
      evidence: 'imports unittest',
      reason: 'tests for unittest, and nothing names another runner',
    }),
  ]
}

function settingsOf(look: RepoFiles, settings: Settings): Evidence | null {
  const file = look.first(...settings.files)
  const reason = 'the tool is configured'
  if (file !== undefined) return { file, evidence: 'the file', reason }
  const table = tableOf(look.text('pyproject.toml'), settings.table)
  if (table !== undefined) return { file: 'pyproject.toml', evidence: `[${table}]`, reason }
  for (const [ini, section] of settings.sections)
    if (tables(look.text(ini)).some((one) => one === section || one.startsWith(`${section}:`)))
      return { file: ini, evidence: `[${section}]`, reason }
  return null
}

function conftest(look: RepoFiles): Evidence | null {
  const file = look.first('conftest.py', 'tests/conftest.py', 'test/conftest.py')
  return file === undefined ? null : { file, evidence: 'the file', reason: "pytest's own file" }
}

function dependency(look: RepoFiles, name: string): Evidence | null {
  const mention = new RegExp(`^[^#\\n]*?(?:^|["'\\s])(${name})(?=[\\s"'<>=~!;,\\[]|$)`, 'm')
  for (const file of DEPENDENCY_FILES)
    if (mention.test(look.text(file) ?? '')) return { file, evidence: name, reason: 'named as a dependency' }
  return null
}

function mypyNamesTargets(text: string): boolean {
  return /^\s*(?:files|packages|modules)\s*=/m.test(text)
}
