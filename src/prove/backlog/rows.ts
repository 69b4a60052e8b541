import { type Observation, seenLine } from '../claims.ts'
import { landed, left, untouched } from './end-rows.ts'
import { failureOf, list, member, text } from '../look.ts'
import { complied, refused, standing, told } from './look.ts'
import { killed, limit } from './misfortune-rows.ts'
import type { Played } from './play.ts'
import { claims, honest, outside, parts, strays } from './project.ts'
import { instead } from './words.ts'

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
  const refusal = text(member(ran.json, 'error_code'))
  const refuses = ran.code === 1 && refusal === 'config-unapproved'
  const items = list(answer.json, 'backlog', 'items').length
  return {
    id: 'run-accepted',
    ok: refuses && answer.code === 0 && items === parts.length,
    seen:
      answer.code !== 0
        ? failureOf('allow', answer)
        : refuses
          ? `${refusal}; then \`allow\` showed and accepted ${items} items`
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
