import { chooseCombined } from './combined-script.ts'
import { TIMEOUT, found } from './found.ts'
import { pickSingle, writes } from './pick-script.ts'
import { runsTests } from './runs-tests.ts'
import { faultOf, writerIn } from './script-faults.ts'
import { COMBINED, OTHER_NAMES, SINGLE, isCheckName } from './script-names.ts'
import { commandsIn, isRunBy, stepsOf, testsIn, textOf } from './script-text.ts'
import type { DetectedCommand, Detection, ScriptSource } from './detection.ts'

const FAST_NAME = /^(?:type-?check|types|tsc|lint|eslint|oxlint|biome|format:check|fmt:check)(?::[\w:-]+)?$/

/** A type check or linter by name, none of whose commands runs tests. */
export function isFast(name: string, steps: readonly (readonly string[])[]): boolean {
  const named =
    FAST_NAME.test(name) ||
    (['typecheck', 'lint', 'format'] as const).some((one) => OTHER_NAMES[one].includes(name))
  return named && !runsTests(steps)
}

/**
 * The standard scripts of a source that can be gates: the first combined one, and of type check, linter, format check and
 * tests those that it does not run. What is left out, what is passed over, and what rewrites files, is said in the notes.
 */
export function chooseStandard(
  ecosystem: string,
  source: ScriptSource,
  { passedOver = true }: { readonly passedOver?: boolean } = {},
): Detection {
  const notes: string[] = []
  const whole = chooseCombined(source, notes)
  const isCovered = (name: string): boolean => whole.some((one) => isRunBy(source, name, one))
  const single: string[] = []
  for (const name of SINGLE) {
    if (isCovered(name)) continue
    const picked = pickSingle(source, name, notes)
    if (picked !== null && !isCovered(picked) && !single.some((one) => isRunBy(source, picked, one)))
      single.push(picked)
  }
  // Another name for what the tests run anyway would run it twice.
  const isOwn = (name: string): boolean =>
    SINGLE.some((one) => one === name) || !single.some((one) => one !== name && isRunBy(source, name, one))
  const names = [...whole, ...single.filter(isOwn)]
  if (passedOver) notes.push(...passedOverNote(source, names))
  const [first] = whole
  const commands = names.map((name) =>
    scriptCommand(
      source,
      name,
      whole.includes(name)
        ? (COMBINED as readonly string[]).includes(name)
          ? `combined ${source.kind}`
          : `part of a combined ${source.kind}`
        : `standard ${source.kind}${first === undefined ? '' : ` that ${first} does not run`}`,
    ),
  )
  // Linters before tests: what fails soon should be said first.
  return { ecosystem, tool: null, commands: commands.sort((a, b) => Number(b.fast) - Number(a.fast)), notes }
}

const MAX_NAMED = 8

/** Scripts that look like checks by their name and become no gate, in one note. */
function passedOverNote(source: ScriptSource, chosen: readonly string[]): string[] {
  const over = [...source.scripts.keys()].filter(
    (name) =>
      isCheckName(name) &&
      !/^(?:pre|post)/.test(name) &&
      ![...COMBINED, ...SINGLE].some((one) => one === name) &&
      !chosen.some((one) => isRunBy(source, name, one)) &&
      faultOf(source, name) === null &&
      writerIn(source, name) === null,
  )
  if (over.length === 0) return []
  const more = over.length > MAX_NAMED ? ` and ${over.length - MAX_NAMED} more` : ''
  return [
    `${source.kind}s of ${source.file} that may be checks too and are not taken: ${over.slice(0, MAX_NAMED).join(', ')}${more} (--prefer-scripts names the ones to take)`,
  ]
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

/** The command that runs one script of a source. */
export function scriptCommand(source: ScriptSource, name: string, reason: string): DetectedCommand {
  const script = source.scripts.get(name)
  const argv = script?.argv ?? source.argv(name)
  const fast = isFast(name, stepsOf(source, name)) && !testsIn(source, name)
  return found({
    name,
    argv,
    fast,
    tests: testsIn(source, name),
    file: source.file,
    evidence: script?.evidence ?? name,
    reason,
    timeoutSeconds: fast ? TIMEOUT.check : TIMEOUT.test,
    pins: script?.pins ?? [],
    does: [[argv[0] as string, name]],
    runs: commandsIn(textOf(source, name)),
  })
}
