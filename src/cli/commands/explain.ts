import { ok } from '../../base/result.ts'
import { explain as explainStop } from '../../views/explain.ts'
import { sessionOf } from '../../ledger/events.ts'
import { command } from '../command.ts'
import { historyOf } from '../history-of.ts'
import { nextIn } from '../next-in.ts'
import { done } from '../outcome.ts'
import { explainDoc } from '../render/explain.ts'
import { explainAnswer } from '../render/report-answer.ts'
import { idTwice, whichRun } from '../which-run.ts'

/** `explain`: one verdict, taken apart from what was recorded; nothing is looked at anew. */
export const explain = command({
  flags: {
    stop: { type: 'number', describe: 'number of the stop (default: the last one)' },
    full: { type: 'boolean', describe: 'the whole recorded output of every command' },
    ...whichRun.flags,
  },
  optional: whichRun.optional,
  usage: idTwice,
  run: (args, { context }) => {
    const history = historyOf(context, args)
    if (!history.ok) return history
    const found = explainStop(history.value, args.stop ?? null)
    if (!found.ok) return found
    const { run } = history.value
    const session = sessionOf(run.activation)
    const next = session === null ? '' : nextIn(context, session)
    return ok(
      done(explainAnswer(history.value, found.value), () =>
        explainDoc(run, found.value, context.clock(), args.full === true, next),
      ),
    )
  },
})
