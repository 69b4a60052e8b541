import { type Observation, seenLine } from '../claims.ts'
import { failureOf } from '../look.ts'
import { differences } from '../picture.ts'
import { person } from '../place.ts'
import type { Played } from './play.ts'
import { claims, honest, outside, outsideText, strays } from './project.ts'
import { instead, leftWords, wasAtWork } from './words.ts'

/** The person's checkout before landing. */
export function untouched(played: Played): Observation {
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

/** What a fresh clone has of it. */
export function landed(played: Played): Observation {
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

/** What still runs. */
export function left(played: Played): Observation {
  const isAny = wasAtWork(played)
  return {
    id: 'run-left',
    ok: isAny && played.left?.length === 0,
    seen: isAny ? leftWords(played) : instead(played, honest.id),
    ms: null,
  }
}
