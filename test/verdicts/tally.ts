import type { Played } from './play.ts'
import type { Label, Outcome } from './scenario.ts'

const labels: readonly Label[] = ['done', 'open', 'cheat', 'person', 'unheld']
const outcomes: readonly Outcome[] = [
  'release',
  'block',
  'park',
  'halt',
  'failed-closed',
  'let-go',
  'nothing',
]

export interface Tally {
  readonly scenarios: number
  readonly plays: number
  readonly stops: number
  /** Label → outcome → stops. */
  readonly table: Readonly<Record<Label, Readonly<Record<Outcome, number>>>>
  /** Stops where the work was done and that were not released. */
  readonly falseBlocks: { readonly wrong: number; readonly of: number }
  /** Stops that had to be held and were not. */
  readonly falseReleases: { readonly wrong: number; readonly of: number }
  /** One line for each thing that was not as labelled. */
  readonly misses: readonly string[]
  /** The same for misses that are known: in the rates, no failure. */
  readonly known: readonly string[]
  readonly medianMs: number
}

export function tally(plays: readonly Played[]): Tally {
  const stops = plays.flatMap((played) => played.stops)
  const count = (label: Label, outcome: Outcome): number =>
    stops.filter((stop) => stop.label === label && stop.outcome === outcome).length
  const row = (label: Label) =>
    Object.fromEntries(outcomes.map((outcome) => [outcome, count(label, outcome)])) as Record<Outcome, number>
  const finished = stops.filter((stop) => stop.label === 'done')
  const held = stops.filter((stop) => ['open', 'cheat', 'person'].includes(stop.label))
  const times = stops.map((stop) => stop.ms).sort((a, b) => a - b)
  return {
    scenarios: new Set(plays.map((played) => played.scenario)).size,
    plays: plays.length,
    stops: stops.length,
    table: Object.fromEntries(labels.map((label) => [label, row(label)])) as Tally['table'],
    falseBlocks: {
      wrong: finished.filter((stop) => stop.outcome !== 'release').length,
      of: finished.length,
    },
    falseReleases: {
      wrong: held.filter((stop) => ['release', 'let-go', 'nothing'].includes(stop.outcome)).length,
      of: held.length,
    },
    misses: plays.flatMap(missesOf),
    known: plays.flatMap((played) =>
      wrongStops(played).length > 0 && played.known !== null
        ? [`${played.scenario} [${played.route}]: ${played.known}`]
        : [],
    ),
    medianMs: times[Math.floor(times.length / 2)] ?? 0,
  }
}

/** What makes a play fail: a stop that is not as labelled, a known miss that is none any more, a scenario that could not be played. */
export function missesOf(played: Played): string[] {
  const where = `${played.scenario} [${played.route}]`
  if (played.broken !== null) return [`${where} could not be played: ${played.broken}`]
  const wrong = wrongStops(played)
  if (played.known === null) return wrong.map((text) => `${where}, ${text}`)
  return wrong.length > 0 ? [] : [`${where} is as labelled by now: take its \`known\` away`]
}

function wrongStops(played: Played): string[] {
  return played.stops.flatMap((stop, index) =>
    stop.miss === null ? [] : [`stop ${index + 1} (${stop.label}): ${stop.miss}`],
  )
}

/** The table and the rates as Markdown. `when` says of which day and commit they are. */
export function tableOf(result: Tally, when?: string): string {
  const cells = (values: readonly (string | number)[]): string => `| ${values.join(' | ')} |`
  const rate = ({ wrong, of }: { wrong: number; of: number }): string =>
    `${wrong} of ${of} (${of === 0 ? '0' : ((100 * wrong) / of).toFixed(1)} %)`
  const { scenarios, plays, stops, medianMs } = result
  return [
    `${scenarios} scenarios, played ${plays} times, ${stops} stops; median ${medianMs} ms per stop${when === undefined ? '' : ` (${when})`}`,
    '',
    cells(['label \\ answer', ...outcomes]),
    cells(['---', ...outcomes.map(() => '---:')]),
    ...labels.map((label) => cells([label, ...outcomes.map((outcome) => result.table[label][outcome])])),
    '',
    `- False blocks: ${rate(result.falseBlocks)}`,
    `- False releases: ${rate(result.falseReleases)}`,
    '',
  ].join('\n')
}

/** The same, with every miss. */
export function report(result: Tally): string {
  const { misses, known } = result
  return `${tableOf(result)}
Misses: ${misses.length}, and ${known.length} known (they are in the rates)
${[...misses, ...known].map((miss) => `- ${miss}\n`).join('')}`
}
