import { ok } from '../base/result.ts'
import { found } from './found.ts'
import { RepoFiles } from './files.ts'
import { type Hatch, readHatch } from './python-hatch.ts'
import { type Runner, chooseRunner, isPlain } from './python-runner.ts'
import { SETTINGS, settingsOf } from './python-settings.ts'
import { testCommands } from './python-tests.ts'
import { type ToolCall, type Tools, configured, toolsOf } from './python-tools.ts'
import { chooseStandard } from './script-choice.ts'
import type { DetectedCommand, Detection, Detector } from './detection.ts'

const PROJECT_FILES = [
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'requirements.txt',
  'Pipfile',
  'tox.ini',
  'tox.toml',
  'noxfile.py',
  'hatch.toml',
  'pytest.ini',
  '.pytest.ini',
  'ruff.toml',
  '.ruff.toml',
  'mypy.ini',
  '.mypy.ini',
  'pyrightconfig.json',
  '.venv/pyvenv.cfg',
]

/** Python: type checkers and linters that are configured, and pytest, unittest, tox or nox, run by the project's own manager. */
export const python: Detector = {
  name: 'python',
  prefix: 'py',
  scripts: ({ root }) => readHatch(new RepoFiles(root))?.source ?? null,
  detect({ root }) {
    const look = new RepoFiles(root)
    const isProject = look.first(...PROJECT_FILES) !== undefined || look.has('conftest.py')
    if (!isProject) return ok(null)
    const hatch = readHatch(look)
    const runner = chooseRunner(look)
    if (typeof runner === 'string')
      return ok({ ecosystem: 'python', tool: null, commands: [], notes: [runner] })
    if (hatch !== null && isPlain(runner)) return ok(detectHatch(look, hatch, runner))
    const notes: string[] = []
    const tools = toolsOf(look, runner, notes)
    const commands = [...staticChecks(tools), ...testCommands(tools)]
    return ok({ ecosystem: 'python', tool: runner.tool, commands, notes })
  },
}

/** Hatch's scripts first; then what else the project can run, of the kinds that no script is for. */
function detectHatch(look: RepoFiles, hatch: Hatch, runner: Runner): Detection {
  const chosen = chooseStandard('python', hatch.source)
  const notes = [...chosen.notes]
  const tools = toolsOf(look, runner, notes)
  const tested = chosen.commands.some((one) => one.tests)
  const own: DetectedCommand[] =
    tested || !hatch.tests
      ? []
      : [
          found({
            name: 'test',
            argv: ['hatch', 'test'],
            file: hatch.file,
            evidence: 'hatch-test',
            reason: "Hatch's own environment for tests",
            does: [['hatch', 'test'], ['pytest']],
          }),
        ]
  const runs = chosen.commands.flatMap((one) => one.runs.map((argv) => argv[0]))
  const checks = staticChecks(tools, (tool) => !runs.includes(tool))
  const tests = tested || own.length > 0 ? [] : testCommands(tools)
  return {
    ecosystem: 'python',
    tool: { name: 'hatch', reason: `environments in ${hatch.file}` },
    commands: [...checks, ...chosen.commands, ...own, ...tests].sort(
      (a, b) => Number(b.fast) - Number(a.fast),
    ),
    notes,
  }
}

function staticChecks(tools: Tools, wants: (tool: string) => boolean = () => true): DetectedCommand[] {
  const { look } = tools
  const call = (tool: 'mypy' | 'pyright' | 'ruff'): ToolCall | null => {
    const settings = wants(tool) ? settingsOf(look, SETTINGS[tool]) : null
    return settings === null ? null : configured(tools, tool, settings)
  }
  const commands: DetectedCommand[] = []
  const mypy = call('mypy')
  const pyright = call('pyright')
  const ruff = call('ruff')
  if (mypy !== null) {
    const targets = mypyNamesTargets(look.text(mypy.file) ?? '') ? [] : ['.']
    const argv = [...mypy.argv, ...targets]
    commands.push(found({ ...mypy, name: 'typecheck', argv, fast: true, does: [['mypy']] }))
  }
  if (pyright !== null)
    commands.push(
      found({
        ...pyright,
        name: mypy === null ? 'typecheck' : 'pyright',
        fast: true,
        does: [['pyright']],
      }),
    )
  if (ruff !== null)
    commands.push(
      found({
        ...ruff,
        name: 'lint',
        argv: [...ruff.argv, 'check', '.'],
        fast: true,
        does: [['ruff', 'check']],
      }),
    )
  return commands
}

function mypyNamesTargets(text: string): boolean {
  return /^\s*(?:files|packages|modules)\s*=/m.test(text)
}
