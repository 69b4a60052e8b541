import { type Result, never } from '../../base/result.ts'
import { type LandEnded, landBatch } from '../../supervisor/orders/land-batch.ts'
import { mayChangeSetup } from '../asker.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { intoHead } from '../into-head.ts'
import type { CliOutcome } from '../outcome.ts'
import type { Doc } from '../render/doc.ts'

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
    return intoHead(io, (around) => landBatch(context, cwd.value, around), docOf)
  },
})

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
