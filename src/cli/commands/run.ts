import { type Result, ok } from '../../base/result.ts'
import { plainJson } from '../../base/text.ts'
import { runBatch } from '../../supervisor/run-batch.ts'
import type { BatchEvent } from '../../supervisor/events.ts'
import { restCode } from '../../views/batch-code.ts'
import { batchView } from '../../views/batch-status.ts'
import { mayChangeSetup } from '../asker.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import type { CliOutcome } from '../outcome.ts'
import { batchDoc } from '../render/batch.ts'
import { batchEventLine } from '../render/batch-event.ts'
import { gateProgress, waitingLine } from '../render/progress.ts'
import { catchSignals } from '../signals.ts'
import { untilTime } from '../until-time.ts'
import { version } from '../version.ts'

/** `run`: works through the backlog until it rests; the exit status is that of `status --batch --check`. */
export const run = command({
  flags: {
    ...cwdFlag,
    jobs: { type: 'number', describe: 'items that may be worked on at the same time' },
    iterations: { type: 'number', describe: 'attempts to open in this call' },
    until: { type: 'string', value: 'time', describe: 'no new attempt from then on, as 07:00' },
    new: { type: 'boolean', describe: 'open a new batch after one that is completed' },
    'retry-parked': { type: 'boolean', describe: 'give parked items fresh limits first' },
    adopt: { type: 'boolean', describe: 'the repository was moved, and is the same one' },
  },
  ownSignals: true,
  usage: ({ jobs, iterations, until }) =>
    wrongCount('--jobs', jobs) ??
    wrongCount('--iterations', iterations) ??
    (until !== undefined && untilTime(until, 0) === null
      ? `--until wants a time such as 07:00, not "${until}"`
      : undefined),
  run: async (args, io): Promise<Result<CliOutcome>> => {
    const { context } = io
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const may = mayChangeSetup(context, 'run', false)
    if (!may.ok) return may
    const line = waitingLine(io)
    const print = (event: BatchEvent): void => {
      line.clear()
      const text = io.json ? plainJson(event) : batchEventLine(event)
      if (text !== null) process.stdout.write(`${text}\n`)
    }
    const signals = catchSignals()
    const ended = await runBatch(
      context,
      cwd.value,
      {
        iterations: args.iterations ?? null,
        until: args.until === undefined ? null : untilTime(args.until, context.clock()),
        jobs: args.jobs ?? null,
        isNew: args.new === true,
        retryParked: args['retry-parked'] === true,
        adopt: args.adopt === true,
      },
      { version, seen: print, watch: gateProgress(line), ...signals },
    ).finally(() => {
      line.clear()
      signals.close()
    })
    if (!ended.ok) return ended
    const { state, rest, published } = ended.value
    const view = batchView(ended.value.batch, state, context.clock())
    return ok({
      code: signals.code() ?? restCode(rest),
      data: view,
      // Each event was a line already.
      plain: io.json,
      text: () => (io.json ? [] : ['', ...batchDoc(view, published)]),
    })
  },
})

function wrongCount(flag: string, value: number | undefined): string | undefined {
  return value === undefined || (Number.isInteger(value) && value > 0)
    ? undefined
    : `${flag} wants a number from 1`
}
