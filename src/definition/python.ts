import { type Collection, type Collector, join, own, programOf } from './collection.ts'
import { expand } from './file-rules.ts'
import { pinConsoleScript } from './python-venv.ts'
import { writableParents } from './parents.ts'
import { pinScriptShadows } from './python-script.ts'
import { wantedIniSections, wantedSections } from './sections.ts'

/** Whole files, and tables of pyproject.toml, setup.cfg and tox.ini, that configure a tool. */
interface PythonTool {
  readonly files: readonly string[]
  /** First part of the table name after `tool.` (pyproject) or of the INI section. */
  readonly tables: readonly string[]
}
const TOOLS: Readonly<Record<string, PythonTool>> = {
  pytest: {
    files: expand('{pytest.ini,.pytest.ini,pytest.toml,.pytest.toml}'),
    tables: ['pytest', 'coverage'],
  },
  unittest: { files: [], tables: [] },
  ruff: { files: ['ruff.toml', '.ruff.toml'], tables: ['ruff'] },
  mypy: { files: ['mypy.ini', '.mypy.ini'], tables: ['mypy'] },
  pyright: { files: ['pyrightconfig.json'], tables: ['pyright', 'basedpyright'] },
  flake8: { files: ['.flake8'], tables: ['flake8'] },
  pylint: {
    files: ['.pylintrc', 'pylintrc', '.pylintrc.toml', 'pylintrc.toml'],
    tables: ['pylint', 'MASTER', 'MAIN'],
  },
  black: { files: [], tables: ['black'] },
  isort: { files: ['.isort.cfg'], tables: ['isort'] },
  coverage: { files: ['.coveragerc'], tables: ['coverage'] },
  tox: { files: ['tox.ini', 'tox.toml'], tables: ['tox', 'testenv'] },
  nox: { files: ['noxfile.py'], tables: [] },
  bandit: { files: ['.bandit', 'bandit.yaml'], tables: ['bandit'] },
  ty: { files: ['ty.toml'], tables: ['ty'] },
  poe: { files: ['poe_tasks.toml', 'poe_tasks.yaml', 'poe_tasks.json'], tables: ['poe'] },
  pdm: { files: ['.pdm.toml', 'pdm.toml'], tables: ['pdm.scripts'] },
  hatch: { files: ['hatch.toml'], tables: ['hatch.envs'] },
  invoke: { files: ['tasks.py', 'invoke.yaml'], tables: [] },
}
const ALIASES: Readonly<Record<string, string>> = {
  'py.test': 'pytest',
  basedpyright: 'pyright',
  inv: 'invoke',
  dmypy: 'mypy',
}
const RUNNERS = new Set(['uv', 'poetry', 'pdm', 'pipenv', 'rye', 'hatch', 'pixi'])
/** Modules Python imports on its own, or that a test run imports first: at the root they would come before the real ones. */
const SHADOWS = [
  'sitecustomize',
  'usercustomize',
  'pytest',
  '_pytest',
  'py',
  'pluggy',
  'ruff',
  'mypy',
  'coverage',
  'unittest',
  'xdist',
]
const INI = ['setup.cfg', 'tox.ini', 'pyproject.toml']

/** Python: tool settings as sections, modules that would shadow tools, console scripts of a virtual environment in the workspace. */
export const python: Collector = {
  name: 'python',
  collect({ argv, dir, bins }, collection) {
    const program = programOf(argv)
    if (RUNNERS.has(program)) {
      const at = argv.indexOf('run')
      pinTool(program, argv, dir, collection)
      if (at === -1) return
      // `uv run --with x pytest`: every suffix that starts with a word may be the command.
      for (let from = at + 1; from < Math.min(argv.length, at + 12); from++)
        if (!(argv[from] as string).startsWith('-')) collection.run({ argv: argv.slice(from), dir, bins })
      return
    }
    if (/^python[\d.]*$|^pypy[\d.]*$/.test(program) || program === 'coverage') {
      const module = argv[argv.indexOf('-m') + 1]
      if (program !== 'coverage') pinShadows(dir, collection)
      if (argv[0]?.includes('/')) pinConsoleScript(program, dir, collection)
      if (argv.includes('-m') && module !== undefined) {
        pinModule(module.split('.')[0] as string, dir, collection)
        collection.run({ argv: [module, ...argv.slice(argv.indexOf('-m') + 2)], dir, bins })
      } else if (program !== 'coverage') {
        const script = argv.find((arg, index) => index > 0 && /^[^-].*\.py$/.test(arg))
        if (script !== undefined) pinScriptShadows(script, dir, collection)
      }
    }
    pinTool(program, argv, dir, collection)
  },
}

function pinTool(program: string, argv: readonly string[], dir: string, collection: Collection): void {
  const name = own(ALIASES, program) ?? program
  const tool = own(TOOLS, name)
  if (tool === undefined) return
  pinShadows(dir, collection)
  pinConsoleScript(program, dir, collection)
  // The settings file is looked for from the arguments' directories upwards, so one beside the tests would win.
  const starts = [
    dir,
    ...argv.slice(1).map((arg) => collection.workspace.inside(dir, arg.split('::')[0] as string)),
  ]
  const dirs = new Set<string>()
  for (const start of starts)
    if (start !== null && (start === dir || collection.workspace.stat(start)?.isDirectory()))
      for (const up of collection.workspace.upwards(start)) dirs.add(up)
  const outside = writableParents(collection.workspace)
  for (const at of [...dirs, ...outside]) {
    const there = (file: string): boolean =>
      !outside.includes(at) || collection.workspace.exists(join(at, file))
    collection.files(at, tool.files.filter(there))
    for (const file of INI) {
      if (tool.files.includes(file) || !there(file)) continue
      const rel = join(at, file)
      const text = collection.workspace.text(rel)
      const wanted = (section: string): boolean =>
        tool.tables.some((table) =>
          new RegExp(`^(tool[.:])?${table.replace('.', '\\.')}([.:,-]|$)`).test(section),
        )
      const sections = file.endsWith('.toml') ? wantedSections : wantedIniSections
      if (tool.tables.length > 0) collection.part(rel, name, text === null ? null : sections(text, wanted))
    }
  }
}

function pinShadows(dir: string, collection: Collection): void {
  for (const module of SHADOWS) pinModule(module, dir, collection)
}

/** A module at the working directory: whether it is there counts, not its content, which is the project's own if it was there before. */
function pinModule(module: string, dir: string, collection: Collection): void {
  for (const file of [`${module}.py`, `${module}/__init__.py`, `${module}/__main__.py`]) {
    const rel = join(dir, file)
    collection.pin('absent', rel, collection.workspace.exists(rel) ? 'present' : null)
  }
}
