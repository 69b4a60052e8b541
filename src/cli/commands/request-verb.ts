import { type Result, ok } from '../../base/result.ts'
import { type RunAction, act } from '../../control/person.ts'
import { setAside } from '../../ledger/archive.ts'
import type { RunState } from '../../ledger/state.ts'
import { askerOf, channelOf, mayChangeRun } from '../asker.ts'
import { type Command, type Io, command, cwdFlag, reasonFlag, sessionFlag } from '../command.ts'
import { findRun } from '../find-run.ts'
import { type Outcome, done } from '../outcome.ts'
import { runChangeDoc } from '../render/run.ts'
import { runChangeAnswer } from '../render/run-answer.ts'

const flags = { ...cwdFlag, ...sessionFlag, ...reasonFlag }

/** `request pause|resume|disable|release`: what loosens a run, for the person unless the approved policy says otherwise. */
export function requestVerb(verb: RunAction): Command {
  if (verb !== 'disable') return command({ flags, run: (args, io) => change(verb, args, io) })
  return command({
    flags: {
      ...flags,
      force: {
        type: 'boolean',
        describe: 'also when the record does not hold: it is set aside as a whole (needs --session-id)',
      },
    },
    run: (args, io) =>
      args.force && args['session-id'] ? setRecordAside(args['session-id'], io) : change(verb, args, io),
  })
}

interface Asked {
  readonly cwd: string | undefined
  readonly 'session-id': string | undefined
  readonly reason: string | undefined
}

function change(verb: RunAction, args: Asked, io: Io): Result<Outcome> {
  const found = findRun(io.context, { cwd: args.cwd, sessionId: args['session-id'] })
  const allowed = mayChangeRun(io.context, verb, found.ok ? found.value.run : undefined)
  if (!allowed.ok) return allowed
  if (!found.ok) return found
  const asker = askerOf(io.context)
  const changed = act(io.context, found.value.sessionId, verb, channelOf(asker), args.reason ?? null)
  if (!changed.ok) return changed
  return answer(verb, io, found.value, changed.value)
}

function answer(
  verb: RunAction,
  io: Io,
  found: { readonly sessionId: string; readonly sessionIdSource: string; readonly repoRoot: string },
  run: RunState,
): Result<Outcome> {
  const data = runChangeAnswer(verb, io.context.newId(), found, run)
  return ok(done(data, () => runChangeDoc(verb, run)))
}

/** The way out when nothing of the record can be trusted any more; it is moved, not deleted. */
function setRecordAside(sessionId: string, io: Io): Result<Outcome> {
  const allowed = mayChangeRun(io.context, 'disable', undefined)
  if (!allowed.ok) return allowed
  const moved = setAside(io.context.env.home, sessionId, io.context.clock())
  if (!moved.ok) return moved
  return ok(
    done({ action: 'disable', session_id: sessionId, state: 'disabled', set_aside: moved.value }, () => [
      `The record of session ${sessionId} is set aside${moved.value === null ? '.' : ` in ${moved.value}.`} Nothing holds it any more.`,
    ]),
  )
}
