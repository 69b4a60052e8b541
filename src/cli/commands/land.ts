import type { ErrorCode } from '../../base/error-code.ts'
import type { Result } from '../../base/result.ts'
import { landMerge } from '../../supervisor/landing/land-merge.ts'
import { type ProposeEnded, landPr } from '../../supervisor/landing/land-pr.ts'
import { landPush } from '../../supervisor/landing/land-push.ts'
import type { LandEnded } from '../../supervisor/landing/landing.ts'
import { mayChangeSetup } from '../asker.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { intoHead } from '../into-head.ts'
import { resolveLanding } from '../land-resolve.ts'
import type { CliOutcome } from '../outcome.ts'
import { landDoc } from '../render/land.ts'

const WAYS = ['merge', 'push', 'pr', 'resolve'] as const

/** `land`: brings what is done to its target. Exit status 5: it does not join with what the target has by now. */
export const land = command({
  flags: {
    ...cwdFlag,
    merge: { type: 'boolean', describe: 'into the target branch of this repository' },
    push: { type: 'boolean', describe: 'to the target branch on the remote' },
    pr: { type: 'boolean', describe: 'as a pull request on GitHub, a draft; needs gh' },
    resolve: { type: 'boolean', describe: 'have a conflict with the target joined by an item of the batch' },
    yes: { type: 'boolean', describe: 'with --resolve: do not ask' },
    ready: { type: 'boolean', describe: 'with --pr: ready for review' },
    remote: {
      type: 'string',
      value: 'name',
      describe: 'with --push or --pr (default: as git would push, else origin)',
    },
  },
  ownSignals: true,
  usage: (args) => {
    const ways = WAYS.filter((way) => args[way] === true)
    if (ways.length === 0) return 'say how: --merge, --push, --pr or --resolve'
    if (ways.length > 1) return `say one way, not ${ways.map((way) => `--${way}`).join(' and ')}`
    if (args.ready === true && args.pr !== true) return '--ready goes with --pr'
    if (args.yes === true && args.resolve !== true) return '--yes goes with --resolve'
    if (args.remote !== undefined && args.resolve === true) return '--remote goes with --push or --pr'
    return args.remote !== undefined && args.merge === true ? '--remote goes with --push or --pr' : undefined
  },
  run: async (args, io): Promise<Result<CliOutcome>> => {
    const { context, interactive } = io
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const may = mayChangeSetup(context, 'land', false)
    if (!may.ok) return may
    if (args.resolve === true) return resolveLanding(io, cwd.value, args.yes === true)
    const { merge, push, ready = false, remote = null } = args
    return intoHead<LandEnded | ProposeEnded>(
      io,
      (around) => {
        if (merge === true) return landMerge(context, cwd.value, around)
        const there = { ...around, interactive }
        return push === true
          ? landPush(context, cwd.value, there, remote)
          : landPr(context, cwd.value, there, { remote, ready })
      },
      landDoc,
      errorOf,
    )
  },
})

/** What a no is called for machines; null: it is none. */
function errorOf({ kind }: LandEnded | ProposeEnded): ErrorCode | null {
  const code = kind === 'conflict' ? 'land-conflict' : kind === 'red' ? 'land-red' : null
  return code
}
