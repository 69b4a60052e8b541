import { fewBelowRoot } from './below-root.ts'
import { mayEnter } from './enters.ts'
import { someOf } from './some-of.ts'
import type { ChosenTool, DetectedCommand, Detection, Detector } from './detection.ts'

/** All ecosystems of a repository as one list of commands. */
export interface Combined {
  /** In order of precedence. */
  readonly ecosystems: readonly string[]
  readonly tool: ChosenTool | null
  readonly commands: readonly DetectedCommand[]
  readonly notes: readonly string[]
}

const noTest =
  'There is no test among the gates, as far as the files show: work that breaks the program would pass. Add the command that tests it'

interface Offer {
  readonly detector: Detector
  readonly command: DetectedCommand
}

/**
 * Puts ecosystems together. What another command runs already is left out with a note: `cargo test` where `make test`
 * calls it. A name that an earlier ecosystem has keeps to it; the later one gets its prefix: `test`, `py-test`.
 */
export function combine(found: readonly (readonly [Detector, Detection])[]): Combined {
  const offers = found.flatMap(([detector, { commands }]) =>
    commands.map((command): Offer => ({ detector, command })),
  )
  const left = new Map<Offer, Offer>()
  for (const offer of offers) {
    const by = offers.find((other) => other !== offer && !left.has(other) && covers(other, offer))
    if (by !== undefined) left.set(offer, by)
  }
  const { kept, notes } = fewBelowRoot(offers.filter((offer) => !left.has(offer)))
  const names = new Set<string>()
  const commands = kept.map(({ detector, command }) => {
    const name = freeName(command.name, detector.prefix, names)
    names.add(name)
    return { ...command, name }
  })
  const several = new Set(kept.map((offer) => offer.detector)).size > 1
  return {
    ecosystems: found.filter(([, { commands: own }]) => own.length > 0).map(([, one]) => one.ecosystem),
    tool: found.map(([, one]) => one.tool).find((tool) => tool !== null) ?? null,
    // What fails soon should be said first, also when it comes from the last ecosystem.
    commands: several ? commands.sort((a, b) => Number(b.fast) - Number(a.fast)) : commands,
    notes: [
      ...(commands.length > 0 && !commands.some((one) => one.tests) ? [noTest] : []),
      ...found.flatMap(([, one]) => one.notes),
      ...notes,
      ...leftNotes(left),
    ],
  }
}

/** One note for the same command in several directories. */
function leftNotes(left: ReadonlyMap<Offer, Offer>): string[] {
  const dirs = new Map<string, string[]>()
  for (const [{ command }, { command: by }] of left) {
    const key = JSON.stringify([command.argv.join(' '), by.argv.join(' ')])
    dirs.set(key, [...(dirs.get(key) ?? []), command.cwd])
  }
  return [...dirs].map(([key, own]) => {
    const [what, by] = JSON.parse(key) as [string, string]
    const where = someOf(own)
    return `${what}${where === '.' ? '' : ` in ${where}`} is left out: ${by} runs it`
  })
}

/** Is one of the commands that `by` runs the same as this one, in its directory? */
function covers(by: Offer, { detector, command }: Offer): boolean {
  if (by.detector === detector || !runsOneOf(by.command, command.does)) return false
  return command.cwd === '.' || mayEnter(by.command.enters, command.cwd)
}

/** Does a command run one of these, as far as the files show? */
export function runsOneOf(command: DetectedCommand, does: DetectedCommand['does']): boolean {
  return command.runs.some((argv) => {
    const words = argv.map((word) => word.slice(word.lastIndexOf('/') + 1))
    return does.some((wanted) => wanted.every((word) => words.includes(word)))
  })
}

function freeName(name: string, prefix: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  let free = name === prefix ? name : `${prefix}-${name}`
  for (let number = 2; taken.has(free); number++) free = `${prefix}-${name}-${number}`
  return free
}
