import { type Result, ok } from '../../base/result.ts'
import { sessionNamed } from '../../control/named-run.ts'
import { type RunAction, act } from '../../control/person.ts'
import { setAside } from '../../ledger/archive.ts'
import type { RunState } from '../../ledger/state.ts'
import { askerOf, channelOf, mayChangeRun } from '../asker.ts'
import { type CliCommand, type Io, command, reasonFlag } from '../command.ts'
import { findRun } from '../find-run.ts'
import { nextIn } from '../next-in.ts'
import { type CliOutcome, done } from '../outcome.ts'
import { runChangeDoc } from '../render/run.ts'
import { runChangeAnswer } from '../render/run-answer.ts'
import { type RunArgs, idIn, idTwice, whichRun } from '../which-run.ts'

const shared = {
  optional: whichRun.optional,
  flags: { ...whichRun.flags, ...reasonFlag },
  usage: idTwice,
}

/** `request pause|resume|disable|release`: what loosens a run, for the person unless the approved policy says otherwise. */
export function requestVerb(verb: RunAction): CliCommand {
  if (verb !== 'disable') return command({ ...shared, run: (args, io) => change(verb, args, io) })
  return command({
    ...shared,
    flags: {
      ...shared.flags,
      force: {
        type: 'boolean',
        describe: 'also when the record does not hold: it is set aside as a whole (needs an id)',
      },
    },
    run: (args, io) => {
      const id = idIn(args)
      return args.force && id !== undefined ? setRecordAside(id, io) : change(verb, args, io)
    },
  })
}

interface Asked extends RunArgs {
  readonly reason: string | undefined
}

function change(verb: RunAction, args: Asked, io: Io): Result<CliOutcome> {
  const found = findRun(io.context, args)
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
): Result<CliOutcome> {
  const next = nextIn(io.context, found.sessionId)
  const data = runChangeAnswer(verb, io.context.newId(), found, run, next)
  return ok(done(data, () => runChangeDoc(verb, run, next)))
}

/** The way out when nothing of the record can be trusted any more; it is moved, not deleted. */
function setRecordAside(id: string, io: Io): Result<CliOutcome> {
  const allowed = mayChangeRun(io.context, 'disable', undefined)
  if (!allowed.ok) return allowed
  const named = sessionNamed(io.context, id)
  if (!named.ok) return named
  const sessionId = named.value
  const moved = setAside(io.context.env.home, sessionId, io.context.clock())
  if (!moved.ok) return moved
  return ok(
    done({ action: 'disable', session_id: sessionId, state: 'disabled', set_aside: moved.value }, () => [
      `The record of session ${sessionId} is set aside${moved.value === null ? '.' : ` in ${moved.value}.`} Nothing holds it any more.`,
    ]),
  )
}
