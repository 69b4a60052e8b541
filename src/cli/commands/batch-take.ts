import { type Result, never, ok } from '../../base/result.ts'
import { type TakeEnded, takeCommit } from '../../supervisor/orders/take-commit.ts'
import { command, cwdFlag } from '../command.ts'
import type { CliOutcome } from '../outcome.ts'
import { personSite } from '../person-site.ts'
import type { Doc } from '../render/doc.ts'
import { gateProgress, waitingLine } from '../render/progress.ts'
import { catchSignals } from '../signals.ts'

/** `batch take`: a commit of the person's is proved like any other and becomes part of the head. Exit status 5: it does not join. */
export const batchTake = command({
  flags: cwdFlag,
  optional: { commit: 'as git names it (default: the published branch if you moved it, else HEAD)' },
  ownSignals: true,
  run: async (args, io): Promise<Result<CliOutcome>> => {
    const site = personSite(io.context, 'batch take', args.cwd)
    if (!site.ok) return site
    const line = waitingLine(io)
    const signals = catchSignals()
    const { ending, killing } = signals
    const taken = await takeCommit(io.context, site.value, args.commit ?? null, {
      watch: gateProgress(line),
      signals: { gates: ending, endAgents: ending, killAgents: killing },
    }).finally(() => {
      line.clear()
      signals.close()
    })
    if (!taken.ok) return taken
    const { value } = taken
    return ok({
      code: signals.code() ?? codeOf(value),
      data: { ok: codeOf(value) === 0, ...value },
      text: () => docOf(value),
      failed: codeOf(value) !== 0,
    })
  },
})

function codeOf({ kind }: TakeEnded): number {
  switch (kind) {
    case 'taken':
    case 'already':
      return 0
    case 'red':
      return 1
    case 'conflict':
      return 5
    default:
      return never(kind, 'taking')
  }
}

function docOf(ended: TakeEnded): Doc {
  const theirs = ended.theirs.slice(0, 12)
  switch (ended.kind) {
    case 'taken':
      return [
        `${theirs} is in the head now${ended.joined ? ', joined with what it had' : ''}; every gate passed on it.`,
      ]
    case 'already':
      return [`The head holds ${theirs} already.`]
    case 'red':
      return [`With ${theirs} these gates do not pass: ${ended.red.join(', ')}. The head stays as it was.`]
    case 'conflict':
      return [
        `${theirs} does not join with the head, which stays as it was. In conflict:`,
        ...ended.paths.map((path) => `  ${path}`),
      ]
    default:
      return never(ended, 'taking')
  }
}
