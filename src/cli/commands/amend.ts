import { ok } from '../../base/result.ts'
import { amend } from '../../control/amend.ts'
import { askerOf, channelOf, mayChangeRun } from '../asker.ts'
import { command, reasonFlag } from '../command.ts'
import { findRun } from '../find-run.ts'
import { nextIn } from '../next-in.ts'
import { done } from '../outcome.ts'
import { runChangeAnswer } from '../render/run-answer.ts'
import { runChangeDoc } from '../render/run.ts'
import { idTwice, whichRun } from '../which-run.ts'

/** `amend <digest>`: accepts exactly the changed definition whose digest was shown. For the person. */
export const amendCommand = command({
  flags: { ...whichRun.flags, ...reasonFlag },
  words: { digest: 'at least 12 digits of the digest that was shown with the change' },
  optional: whichRun.optional,
  usage: idTwice,
  run: (args, { context }) => {
    const found = findRun(context, args)
    const allowed = mayChangeRun(context, 'amend', found.ok ? found.value.run : undefined)
    if (!allowed.ok) return allowed
    if (!found.ok) return found
    const { sessionId, run } = found.value
    const channel = channelOf(askerOf(context))
    const amended = amend(context, sessionId, run, args.digest, channel, args.reason ?? null)
    if (!amended.ok) return amended
    const next = nextIn(context, sessionId)
    const data = runChangeAnswer('amend', context.newId(), found.value, amended.value, next)
    return ok(done(data, () => runChangeDoc('amend', amended.value, next)))
  },
})
