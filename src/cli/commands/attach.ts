import { fail, ok } from '../../base/result.ts'
import { plainJson } from '../../base/text.ts'
import { siteOf } from '../../supervisor/batch/site.ts'
import type { BatchEvent } from '../../supervisor/record/events.ts'
import { lookAround } from '../../views/batch-around.ts'
import { batchView } from '../../views/batch-status.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { followBatch, keptBatch } from '../follow-batch.ts'
import { interruptedCode, plainText } from '../outcome.ts'
import { batchDoc } from '../render/batch.ts'
import { batchEventLine } from '../render/batch-event.ts'
import { batchProgress } from '../render/batch-progress.ts'
import { waitingLine } from '../render/progress.ts'

/** `attach`: what the batch that runs does, as `run` shows it; Ctrl-C leaves it running. Ends with the exit status of the batch. */
export const attach = command({
  flags: cwdFlag,
  run: async (args, io) => {
    const { context, json, interrupted } = io
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const site = siteOf(cwd.value)
    if (!site.ok) return site
    const before = keptBatch(context, site.value)
    if (!before.ok) return before
    if (before.value?.isKept !== true)
      return fail('nothing-runs', 'no process works at the backlog here', {
        fix: before.value === null ? 'autonomous-loop run --detach' : 'autonomous-loop status --batch',
      })
    const line = waitingLine(io)
    const progress = batchProgress(line)
    const print = (event: BatchEvent): void => {
      line.clear()
      const text = json ? plainJson(event) : batchEventLine(event)
      if (text !== null) process.stdout.write(`${text}\n`)
      progress.event(event)
    }
    const ended = await followBatch(
      context,
      { site: site.value, batch: null, from: 'last-start', until: 'let-go' },
      print,
      interrupted,
    ).finally(() => line.clear())
    if (ended === undefined) return ok({ ...plainText(json ? [] : ['It goes on.']), code: interruptedCode })
    if (!ended.ok) return ended
    if (ended.value === null) return ok(plainText([]))
    const { batch, state } = ended.value.found
    const view = batchView(batch, state, lookAround(state, context))
    // Each event was a line already.
    return ok({
      code: view.exit_code,
      data: view,
      plain: json,
      text: () => (json ? [] : ['', ...batchDoc(view, context.clock())]),
    })
  },
})
