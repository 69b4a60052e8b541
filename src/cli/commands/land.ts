import { type Result, never, ok } from '../../base/result.ts'
import { type LandEnded, landBatch } from '../../supervisor/orders/land-batch.ts'
import { mayChangeSetup } from '../asker.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import type { CliOutcome } from '../outcome.ts'
import { gateProgress, waitingLine } from '../render/progress.ts'
import type { Doc } from '../render/doc.ts'
import { catchSignals } from '../signals.ts'

/** `land --merge`: brings what is done to its target. Exit status 5: it does not join with what the target has by now. */
export const land = command({
  flags: {
    ...cwdFlag,
    merge: { type: 'boolean', describe: 'into the target branch of this repository' },
  },
  ownSignals: true,
  usage: ({ merge }) => (merge === true ? undefined : 'say how: --merge'),
  run: async (args, io): Promise<Result<CliOutcome>> => {
    const { context } = io
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const may = mayChangeSetup(context, 'land', false)
    if (!may.ok) return may
    const line = waitingLine(io)
    const signals = catchSignals()
    const { ending, killing } = signals
    const landed = await landBatch(context, cwd.value, {
      watch: gateProgress(line),
      signals: { gates: ending, endAgents: ending, killAgents: killing },
    }).finally(() => {
      line.clear()
      signals.close()
    })
    if (!landed.ok) return landed
    const { value } = landed
    return ok({
      code: signals.code() ?? codeOf(value),
      data: { ok: codeOf(value) === 0, ...value },
      text: () => docOf(value),
      failed: codeOf(value) !== 0,
    })
  },
})

function codeOf({ kind }: LandEnded): number {
  switch (kind) {
    case 'landed':
    case 'already':
      return 0
    case 'red':
      return 1
    case 'conflict':
      return 5
    default:
      return never(kind, 'landing')
  }
}

function docOf(ended: LandEnded): Doc {
  const { target } = ended
  switch (ended.kind) {
    case 'landed':
      return [
        `${target} is at ${ended.commit.slice(0, 12)} now${ended.joined ? ', joined with what it had, and proved' : ''}.`,
      ]
    case 'already':
      return [`${target} holds all of it already.`]
    case 'red':
      return [
        `Joined with what ${target} has by now, these gates fail: ${ended.red.join(', ')}. Nothing was landed.`,
      ]
    case 'conflict':
      return [
        `The work does not join with what ${target} has by now. Nothing was landed. In conflict:`,
        ...ended.paths.map((path) => `  ${path}`),
      ]
    default:
      return never(ended, 'landing')
  }
}
