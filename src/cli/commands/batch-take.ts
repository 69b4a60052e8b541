import { type Result, never } from '../../base/result.ts'
import { type TakeEnded, takeCommit } from '../../supervisor/orders/take-commit.ts'
import { command, cwdFlag } from '../command.ts'
import { intoHead } from '../into-head.ts'
import type { CliOutcome } from '../outcome.ts'
import { personSite } from '../person-site.ts'
import type { Doc } from '../render/doc.ts'

/** `batch take`: a commit of the person's is proved like any other and becomes part of the head. Exit status 5: it does not join. */
export const batchTake = command({
  flags: cwdFlag,
  optional: { commit: 'as git names it (default: the published branch if you moved it, else HEAD)' },
  ownSignals: true,
  run: async (args, io): Promise<Result<CliOutcome>> => {
    const site = personSite(io.context, 'batch take', args.cwd)
    if (!site.ok) return site
    return intoHead(io, (around) => takeCommit(io.context, site.value, args.commit ?? null, around), docOf)
  },
})

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
