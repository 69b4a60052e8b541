import type { BatchEvent } from '../../supervisor/record/events.ts'
import { type Observation, seenLine } from '../claims.ts'
import { failureOf, list, member, text } from '../look.ts'
import { differences } from '../picture.ts'
import { person } from '../world.ts'
import { complied, limited, refused, standing, told } from './look.ts'
import type { Played } from './play.ts'
import { claims, honest, outside, outsideText, parts, strays } from './project.ts'

/** What was seen of a backlog that was worked through, claim by claim. Pure. */
export function backlogRows(played: Played): readonly Observation[] {
  const rows = [accepted(played)]
  if (played.accepted.code !== 0) return rows
  return [
    ...rows,
    worked(played),
    claimed(played),
    strayed(played),
    ...(played.killed === null ? [] : [killed(played, played.killed), limit(played)]),
    untouched(played),
    landed(played),
    left(played),
  ]
}

function accepted({ refused: ran, accepted: answer }: Played): Observation {
  const code = text(member(ran.json, 'error_code'))
  const refuses = ran.code === 1 && code === 'config-unapproved'
  const items = list(answer.json, 'backlog', 'items').length
  return {
    id: 'run-accepted',
    ok: refuses && answer.code === 0 && items === parts.length,
    seen:
      answer.code !== 0
        ? failureOf('allow', answer)
        : refuses
          ? `${code}; then \`allow\` showed and accepted ${items} items`
          : failureOf('run', ran),
    ms: answer.ms,
  }
}

function worked(played: Played): Observation {
  const done = complied(played.events, honest.id)
  return {
    id: 'run-honest',
    ok: done !== null && done.attempts === 1,
    seen:
      done === null
        ? instead(played, honest.id)
        : `commit ${done.commit.slice(0, 12)}, in attempt ${done.attempts}`,
    ms: done?.judgedMs ?? null,
  }
}

function claimed(played: Played): Observation {
  const held = refused(played.events, claims.id)
  const done = complied(played.events, claims.id)
  const line = told(played.turns, claims.id)[0]
  const ok = held !== null && held.claimed && line !== undefined && done !== null && done.seq > held.seq
  return {
    id: 'run-claimed',
    ok,
    seen: ok
      ? seenLine(`told: ${line}; then commit ${done.commit.slice(0, 12)}`)
      : held === null && done !== null
        ? 'done on its word'
        : instead(played, claims.id),
    ms: held?.ms ?? null,
  }
}

function strayed(played: Played): Observation {
  const held = refused(played.events, strays.id)
  const line = told(played.turns, strays.id).find((one) => one.includes(outside))
  const stands = standing(played.events, strays.id)
  const ok =
    held?.blockers.includes('out-of-scope') === true && line !== undefined && stands === 'parked: attempts'
  return {
    id: 'run-scope',
    ok,
    seen: ok ? seenLine(`told: ${line}; then ${stands}`) : instead(played, strays.id),
    ms: held?.ms ?? null,
  }
}

function killed(played: Played, { at, instead: none, status }: NonNullable<Played['killed']>): Observation {
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

function limit(played: Played): Observation {
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

function untouched(played: Played): Observation {
  const { before, after } = played
  const changed = differences(before, after)
  return {
    id: 'run-untouched',
    ok: wasAtWork(played) && before.size > 0 && changed.length === 0,
    seen: seenLine(
      changed.length === 0
        ? !wasAtWork(played)
          ? instead(played, honest.id)
          : `${before.size} files, of git’s too, are as they were`
        : `changed: ${changed.slice(0, 3).join(', ')}${changed.length > 3 ? ` and ${changed.length - 3} more` : ''}`,
    ),
    ms: null,
  }
}

function landed(played: Played): Observation {
  const { landed: land } = played
  const id = 'run-landed'
  if (land === null) return { id, ok: false, seen: instead(played, honest.id), ms: null }
  const has = [honest, claims].every(({ file, text: wanted }) => land.clone.get(file)?.trim() === wanted)
  const strayedIn = land.clone.has(strays.file) || land.clone.get(outside) !== outsideText
  const ours = [honest, claims].map(({ title }) => `${person}: ${title}`).toSorted()
  const isOurs = land.commits.toSorted().join('\n') === ours.join('\n')
  const ok = land.answer.code === 0 && has && !strayedIn && isOurs && land.status === ''
  return {
    id,
    ok,
    seen:
      land.answer.code !== 0
        ? failureOf('land', land.answer)
        : ok
          ? `a fresh clone has ${land.commits.length} commits of ${person}: ${honest.file}, ${claims.file}`
          : seenLine(
              `the clone has ${land.commits.join('; ') || 'no commit'}${has ? '' : ', not all that is done'}${strayedIn ? `, and something of item ${strays.id}` : ''}${land.status === '' ? '' : `; in the checkout: ${land.status}`}`,
            ),
    ms: land.ms,
  }
}

function left(played: Played): Observation {
  const isAny = wasAtWork(played)
  return {
    id: 'run-left',
    ok: isAny && played.left?.length === 0,
    seen: isAny ? leftWords(played) : instead(played, honest.id),
    ms: null,
  }
}

/** Nothing is shown by what was never begun. */
const wasAtWork = ({ events }: Played): boolean =>
  typeof events !== 'string' && countOf(events, 'turn-begun') > 0

function leftWords({ left: commands }: Played): string {
  if (commands === null) return 'not looked at: only Linux tells'
  return commands.length === 0 ? 'no process' : seenLine(`left running: ${commands.join('; ')}`)
}

/** Where an item stands instead of where it should; without a batch why there is none. */
function instead({ events, ran, killed: cut }: Played, id: string): string {
  if (typeof events === 'string') return ran === null ? events : failureOf('run', ran)
  if (cut !== null && cut.instead !== null) return failureOf('run', cut.instead)
  return `item ${id} is ${standing(events, id)}`
}

const countOf = (events: readonly BatchEvent[], type: BatchEvent['type']): number =>
  events.filter((one) => one.type === type).length
const lastAt = (events: readonly BatchEvent[]): number => events.at(-1)?.at ?? 0
