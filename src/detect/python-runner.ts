import { tableNamed } from './found.ts'
import type { RepoFiles } from './files.ts'
import type { ChosenTool } from './detection.ts'

/** Lock file and pyproject table of each manager, and the words that run a tool in its environment. */
const MANAGERS = [
  { name: 'uv', lock: 'uv.lock', table: 'tool.uv', run: ['uv', 'run'] },
  { name: 'poetry', lock: 'poetry.lock', table: 'tool.poetry', run: ['poetry', 'run'] },
  { name: 'pdm', lock: 'pdm.lock', table: 'tool.pdm', run: ['pdm', 'run'] },
  { name: 'pipenv', lock: 'Pipfile.lock', table: null, run: ['pipenv', 'run'] },
] as const

/** What runs the tools of a project. */
export interface Runner {
  readonly tool: ChosenTool
  readonly argv: (module: string, options?: readonly string[]) => string[]
}

/** The manager by lock file, then by table; a text when it is not certain. */
export function chooseRunner(look: RepoFiles): Runner | string {
  const locked = MANAGERS.filter((one) => look.has(one.lock))
  if (locked.length > 1)
    return `the Python commands are left out: ${locked.map((one) => one.lock).join(' and ')} name different managers`
  const pyproject = look.text('pyproject.toml')
  const named = MANAGERS.filter((one) => one.table !== null && tableNamed(pyproject, one.table) !== undefined)
  const [manager] = locked.length === 1 ? locked : named.length === 1 ? named : []
  if (manager !== undefined) {
    const reason = locked.length === 1 ? manager.lock : `[${manager.table}] in pyproject.toml`
    return {
      tool: { name: manager.name, reason },
      argv: (module, options = []) => [...manager.run, ...options, module],
    }
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

/** No manager of dependencies, so that another tool may make the environments. */
export function isPlain(runner: Runner): boolean {
  return !MANAGERS.some((one) => one.name === runner.tool.name)
}
