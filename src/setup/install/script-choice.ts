import { parseShell } from '../../evidence/pins/shell.ts'
import { unwrap } from '../../evidence/pins/wrappers.ts'
import { TIMEOUT, found } from './found.ts'
import type { DetectedCommand, Detection, ScriptSource } from './types.ts'

/** One of these stands for everything. */
export const COMBINED = ['check', 'quality', 'ci'] as const
export const SINGLE = ['typecheck', 'lint', 'test'] as const

const FAST_NAME = /^(?:type-?check|types|tsc|lint|eslint|oxlint|biome|format:check|fmt:check)(?::[\w:-]+)?$/
const RUNS_TESTS =
  /\b(?:tests?|jest|vitest|mocha|ava|tap|playwright|cypress|karma|jasmine|pytest|unittest|tox|nox|ctest|rspec|phpunit|pest|nextest)\b/

/** A type check or linter by name, in whose text nothing runs tests. */
export function isFast(name: string, text: string): boolean {
  return FAST_NAME.test(name) && !RUNS_TESTS.test(text)
}

/**
 * The standard scripts of a source that can be gates: the first combined one, and of `typecheck`, `lint`, `test` those
 * that it does not run. What is left out is said in the notes.
 */
export function chooseStandard(ecosystem: string, source: ScriptSource): Detection {
  const notes: string[] = []
  const usable = (name: string): boolean => {
    const script = source.scripts.get(name)
    if (script === undefined) return false
    if (script.unusable !== null)
      notes.push(`${source.kind} ${name} of ${source.file} is left out: ${script.unusable}`)
    return script.unusable === null
  }
  const combined = COMBINED.find(usable)
  const inside = combined === undefined ? null : reach(source, combined)
  const single = SINGLE.filter(usable).filter(
    (name) => combined === undefined || !(inside?.has(name) || isPartOf(source, name, combined)),
  )
  const commands = [...(combined === undefined ? [] : [combined]), ...single].map((name) =>
    scriptCommand(
      source,
      name,
      name === combined
        ? `combined ${source.kind}`
        : `standard ${source.kind}${combined === undefined ? '' : ` that ${combined} does not run`}`,
    ),
  )
  // Linters before tests: what fails soon should be said first.
  return { ecosystem, tool: null, commands: commands.sort((a, b) => Number(b.fast) - Number(a.fast)), notes }
}

/** The command that runs one script of a source. */
export function scriptCommand(source: ScriptSource, name: string, reason: string): DetectedCommand {
  const script = source.scripts.get(name)
  const argv = script?.argv ?? source.argv(name)
  const text = textOf(source, name)
  const fast = isFast(name, text)
  return found({
    name,
    argv,
    fast,
    file: source.file,
    evidence: script?.evidence ?? name,
    reason,
    timeoutSeconds: fast ? TIMEOUT.check : TIMEOUT.test,
    pins: script?.pins ?? [],
    does: [[argv[0] as string, name]],
    runs: commandsIn(text),
  })
}

/** The simple commands of a shell text, behind wrappers such as `env` and `timeout`. What only prints is none. */
export function commandsIn(text: string): string[][] {
  return parseShell(text)
    .flatMap((part) => (part.kind === 'command' ? [[...unwrap(part.argv)]] : []))
    .filter(([program = 'echo']) => !['echo', 'printf', ':', 'true', 'cd'].includes(program))
}

/** The script and all that it calls within the source. */
function reach(source: ScriptSource, name: string): Set<string> {
  const seen = new Set<string>()
  const queue = [name]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    queue.push(...(source.scripts.get(next)?.calls ?? []))
  }
  return seen
}

function textOf(source: ScriptSource, name: string): string {
  return [...reach(source, name)].map((one) => source.scripts.get(one)?.text ?? '').join('\n')
}

/** Does another script run every command that this one runs? */
function isPartOf(source: ScriptSource, name: string, whole: string): boolean {
  const inWhole = new Set(commandsIn(textOf(source, whole)).map((argv) => argv.join('\0')))
  const mine = commandsIn(textOf(source, name)).map((argv) => argv.join('\0'))
  return mine.length > 0 && mine.every((argv) => inWhole.has(argv))
}
