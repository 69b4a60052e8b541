import { type Result, ok } from '../../base/result.ts'
import { amend, differenceNow } from '../../control/amend.ts'
import { findNamed } from '../../control/named-run.ts'
import type { Context } from '../../records/context.ts'
import { askAmend } from '../ask-amend.ts'
import { askerOf, channelOf, mayChangeRun } from '../asker.ts'
import { type Io, command, reasonFlag } from '../command.ts'
import { type FoundRun, findRun } from '../find-run.ts'
import { nextIn } from '../next-in.ts'
import { type CliOutcome, declined, done } from '../outcome.ts'
import { differenceAnswer, differenceDoc } from '../render/difference.ts'
import { runChangeAnswer } from '../render/run-answer.ts'
import { runChangeDoc } from '../render/run.ts'
import { type RunArgs, idIn, idTwice, whichRun } from '../which-run.ts'

/**
 * `amend <digest>`: accepts exactly the changed definition whose digest was shown. Without a digest it shows what would
 * be accepted, and asks where there is somebody to ask. For the person.
 */
export const amendCommand = command({
  flags: { ...whichRun.flags, ...reasonFlag },
  optional: {
    digest:
      'at least 12 digits of the digest that was shown with the change (default: show the change, and ask on a terminal)',
    ...whichRun.optional,
  },
  usage: idTwice,
  run: async (given, io) => {
    const { context } = io
    const args = readWord(context, given)
    const found = findRun(context, args)
    const allowed = mayChangeRun(context, 'amend', found.ok ? found.value.run : undefined)
    if (!allowed.ok) return allowed
    if (!found.ok) return found
    const reason = args.reason ?? null
    return args.digest === undefined
      ? showAndAsk(io, found.value, reason)
      : accept(context, found.value, args.digest, reason)
  },
})

async function showAndAsk(io: Io, found: FoundRun, reason: string | null): Promise<Result<CliOutcome>> {
  const { context } = io
  const { run } = found
  const drift = differenceNow(context, run)
  if (!drift.ok) return drift
  if (!io.interactive)
    return ok({
      code: 1,
      data: differenceAnswer(found.sessionId, run, drift.value),
      text: () => differenceDoc(run, drift.value),
    })
  const left = 'the run keeps what it has'
  const wanted = await askAmend(run.contract.objective, drift.value, 'Accept exactly this?', left)
  if (!wanted.ok) return wanted
  if (!wanted.value) return ok(declined('amend', 'Nothing was accepted: the run keeps what it has.'))
  return accept(context, found, drift.value.digest, reason)
}

function accept(
  context: Context,
  found: FoundRun,
  digest: string,
  reason: string | null,
): Result<CliOutcome> {
  const channel = channelOf(askerOf(context))
  const amended = amend(context, found.sessionId, found.run, digest, channel, reason)
  if (!amended.ok) return amended
  const next = nextIn(context, found.sessionId)
  const data = runChangeAnswer('amend', context.newId(), found, amended.value, next)
  return ok(done(data, () => runChangeDoc('amend', amended.value, next)))
}

/** A single word that names a run is that run, whose difference is to be shown: no digest is an id but by a chance of 16^12. */
function readWord<A extends RunArgs & { readonly digest?: string | undefined }>(
  context: Context,
  args: A,
): A {
  if (args.digest === undefined || idIn(args) !== undefined) return args
  const named = findNamed(context, args.digest)
  return named.ok || named.error.code === 'run-ambiguous'
    ? { ...args, id: args.digest, digest: undefined }
    : args
}
