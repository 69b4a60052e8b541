import type { BatchEvent } from '../../supervisor/record/events.ts'
import { type Observation, seenLine } from '../claims.ts'
import { failureOf } from '../look.ts'
import { complied, limited, standing } from './look.ts'
import type { Played } from './play.ts'
import { claims, parts } from './project.ts'
import { countOf, instead, leftWords } from './words.ts'

/** It was killed while its agents worked. */
export function killed(
  played: Played,
  { at, instead: none, status }: NonNullable<Played['killed']>,
): Observation {
  const events = typeof played.events === 'string' ? [] : played.events
  const begun = countOf(events, 'attempt-opened')
  const spoken = countOf(events, 'conversation')
  const ends = parts.map(({ id }) => standing(events, id))
  const same = ends.join() === ['done', 'done', 'parked: attempts'].join()
  const ok =
    none === null &&
    status === 'paused: not-running' &&
    begun === parts.length &&
    spoken === parts.length &&
    same &&
    played.ran?.code === 5 &&
    played.left?.length === 0
  return {
    id: 'run-killed',
    ok,
    seen: ok
      ? `${parts.length} agents cut off; then their ${spoken} conversations went on, in ${begun} attempts`
      : seenLine(
          none !== null
            ? failureOf('run', none)
            : `status ${status}; ${begun} attempts, ${spoken} conversations; then ${ends.join(', ')}; ${leftWords(played)}`,
        ),
    ms: ok ? lastAt(events) - at : null,
  }
}

/** A quota in the middle of a turn. */
export function limit(played: Played): Observation {
  const met = limited(played.events, claims.id)
  const goesOn =
    played.turns[claims.id]
      ?.at(-1)
      ?.texts.some((one) => one.includes(claims.text) && !one.startsWith('message:user')) === true
  const done = complied(played.events, claims.id)
  const ok =
    met !== null &&
    met.waitedMs >= 0 &&
    met.asked === 0 &&
    goesOn &&
    done?.attempts === 1 &&
    done.conversations === 1
  return {
    id: 'run-quota',
    ok,
    seen:
      met === null
        ? instead(played, claims.id)
        : ok
          ? `nobody asked until ${new Date(met.until).toLocaleTimeString('en-GB')}; then the same conversation, in attempt 1`
          : `asked ${met.asked} times before its time, ${met.waitedMs} ms after it; ${done?.conversations ?? 0} conversations, ${done?.attempts ?? 0} attempts`,
    ms: met?.tookMs ?? null,
  }
}

const lastAt = (events: readonly BatchEvent[]): number => events.at(-1)?.at ?? 0
