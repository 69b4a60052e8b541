import { TIMEOUT, found } from './found.ts'
import { faultOf, writerIn } from './script-faults.ts'
import { commandsIn, isPartOf, reach, textOf } from './script-text.ts'
import type { DetectedCommand, Detection, ScriptSource } from './detection.ts'

/** One of these stands for what it runs. */
export const COMBINED = ['check', 'quality', 'ci'] as const
export const SINGLE = ['typecheck', 'lint', 'test'] as const

/** How scripts are often called that do the same without watching or writing. */
const STAND_INS = ['check', 'ci', 'run', 'once']

const FAST_NAME = /^(?:type-?check|types|tsc|lint|eslint|oxlint|biome|format:check|fmt:check)(?::[\w:-]+)?$/
const RUNS_TESTS =
  /\b(?:tests?|jest|vitest|mocha|ava|tap|playwright|cypress|karma|jasmine|pytest|unittest|tox|nox|ctest|rspec|phpunit|pest|nextest)\b/

/** A type check or linter by name, in whose text nothing runs tests. */
export function isFast(name: string, text: string): boolean {
  return FAST_NAME.test(name) && !RUNS_TESTS.test(text)
}

/**
 * The standard scripts of a source that can be gates: the first combined one, and of `typecheck`, `lint`, `test` those
 * that it does not run. What is left out, and what rewrites files, is said in the notes.
 */
export function chooseStandard(ecosystem: string, source: ScriptSource): Detection {
  const notes: string[] = []
  const pick = (name: string): string | null => {
    const picked = pickOne(source, name)
    notes.push(...picked.notes)
    return picked.name
  }
  let combined: string | null = null
  for (const name of COMBINED) {
    if (combined === null) combined = pick(name)
    else if (source.scripts.has(name) && !isRunBy(source, name, combined))
      notes.push(
        `${source.kind} ${name} of ${source.file} is left out: ${combined} comes before it (--prefer-scripts names others)`,
      )
  }
  const single = SINGLE.flatMap((name) => {
    if (combined !== null && isRunBy(source, name, combined)) return []
    const picked = pick(name)
    return picked === null || (combined !== null && isRunBy(source, picked, combined)) ? [] : [picked]
  })
  const commands = [...(combined === null ? [] : [combined]), ...single].map((name) =>
    scriptCommand(
      source,
      name,
      name === combined
        ? `combined ${source.kind}`
        : `standard ${source.kind}${combined === null ? '' : ` that ${combined} does not run`}`,
    ),
  )
  // Linters before tests: what fails soon should be said first.
  return { ecosystem, tool: null, commands: commands.sort((a, b) => Number(b.fast) - Number(a.fast)), notes }
}

/** The script, or one that only looks in its place; null when neither can be a gate. */
function pickOne(
  source: ScriptSource,
  name: string,
): { readonly name: string | null; readonly notes: readonly string[] } {
  if (!source.scripts.has(name)) return { name: null, notes: [] }
  const fault = faultOf(source, name)
  const writer = fault === null ? writerIn(source, name) : null
  if (fault === null && writer === null) return { name, notes: [] }
  const what = `${source.kind} ${name} of ${source.file}`
  const why = fault ?? `it rewrites files (${writer})`
  const instead = STAND_INS.map((end) => `${name}:${end}`).find(
    (one) => source.scripts.has(one) && faultOf(source, one) === null && writerIn(source, one) === null,
  )
  if (instead !== undefined)
    return { name: instead, notes: [`${what} is left out: ${why}; ${instead} is taken in its place`] }
  return writer === null
    ? { name: null, notes: [`${what} is left out: ${why}`] }
    : { name, notes: [writes(what, writer)] }
}

/** What a person should know about a script that becomes a gate although they may not want it so. */
export function notesOn(source: ScriptSource, name: string): string[] {
  const what = `${source.kind} ${name} of ${source.file}`
  const fault = faultOf(source, name)
  const writer = writerIn(source, name)
  return [
    ...(fault === null ? [] : [`${what}: ${fault}`]),
    ...(writer === null ? [] : [writes(what, writer)]),
  ]
}

function writes(what: string, writer: string): string {
  return `${what} rewrites files (${writer}), and a gate should only look: give it a form that only checks`
}

function isRunBy(source: ScriptSource, name: string, whole: string): boolean {
  return name === whole || reach(source, whole).has(name) || isPartOf(source, name, whole)
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
