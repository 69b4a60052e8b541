import type { Doing, Watch } from '../../judging/watch.ts'
import type { BatchEvent, BatchEventType } from '../../supervisor/record/events.ts'
import { spanWords } from './ago.ts'
import { clock } from './clock.ts'
import { doingWords } from './doing.ts'
import type { WaitingLine } from './progress.ts'

/** What an attempt is at, since when (ms), as the events say it. */
interface AtWork {
  readonly item: string
  readonly what: string
  readonly since: number
}

/** Steps of an attempt that begin with an event. */
const STEPS: Readonly<Partial<Record<BatchEventType, string>>> = {
  'attempt-opened': 'makes its worktree',
  'turn-ended': 'its turn has ended',
  candidate: 'to be judged',
  findings: 'before a turn',
  conflict: 'before a turn',
  integrating: 'moves the head',
  'attempt-ending': 'is put away',
}

/** Null: nothing that is worth a word. */
function stepOf(event: BatchEvent): string | null {
  if (event.type === 'turn-begun') return `at work, turn ${event.data.turn}`
  if (event.type === 'judged') return event.data.verdict === 'release' ? 'passed' : 'before a turn'
  return STEPS[event.type] ?? null
}

/** Says in one line what runs, for how long, and until when nothing can. */
export interface BatchProgress {
  /** After the line of the event was printed. */
  readonly event: (event: BatchEvent) => void
  /** Of gates. */
  readonly watch: Watch
}

export function batchProgress(line: WaitingLine, now: () => number = Date.now): BatchProgress {
  const attempts = new Map<number, AtWork>()
  const gates = new Map<Doing, number>()
  const waits = new Map<string, number>()
  let isOver = false
  const draw = (): void => {
    if (isOver) line.clear()
    else line.tell(() => progressWords({ attempts: [...attempts.values()], gates, waits }, now()))
  }
  return {
    event(event) {
      const step = stepOf(event)
      if (step !== null && 'fence' in event.data && 'item' in event.data && event.data.fence !== null)
        attempts.set(event.data.fence, { item: event.data.item, what: step, since: event.at })
      if (event.type === 'attempt-ended') attempts.delete(event.data.fence)
      if (event.type === 'item-parked')
        for (const [fence, one] of attempts) if (one.item === event.data.item) attempts.delete(fence)
      if (event.type === 'backed-off') waits.set(event.data.agent ?? '', event.data.until)
      isOver = event.type === 'rested'
      draw()
    },
    watch: {
      began(doing) {
        gates.set(doing, now())
        draw()
      },
      ended(doing) {
        gates.delete(doing)
        draw()
      },
    },
  }
}

/** Pure; times in ms. */
export function progressWords(
  parts: {
    readonly attempts: readonly AtWork[]
    readonly gates: ReadonlyMap<Doing, number>
    readonly waits: ReadonlyMap<string, number>
  },
  now: number,
): string {
  const since = (at: number): string =>
    now - at < 1000 ? '' : ` for ${spanWords(Math.floor((now - at) / 1000))}`
  const [first] = parts.gates
  const words = [
    ...(first === undefined ? [] : [`${doingWords([...parts.gates.keys()])}${since(first[1])}`]),
    ...parts.attempts.map(({ item, what, since: at }) => `${item} ${what}${since(at)}`),
    ...[...parts.waits].flatMap(([agent, until]) =>
      until > now ? [`${agent === '' ? 'waiting' : `${agent} waits`} until ${clock(until, now)}`] : [],
    ),
  ]
  return words.length === 0 ? 'looking at the workspace' : words.join('; ')
}
