import { type Result, ok } from '../../base/result.ts'
import { isPass } from '../../supervisor/record/review.ts'
import { isPassed, reviewRange } from '../../supervisor/review/review-range.ts'
import { restCode } from '../../views/batch-code.ts'
import { answeredAtBase } from '../at-base.ts'
import { command, cwdFlag } from '../command.ts'
import type { CliOutcome } from '../outcome.ts'
import { personSite } from '../person-site.ts'
import { reviewDoc, reviewFields } from '../render/review.ts'

/** `review`: agents that did not write it read what a branch has more than its base. Exit status 0: all of them pass it; 10: a quota is used up. */
export const review = command({
  flags: {
    ...cwdFlag,
    base: {
      type: 'string',
      value: 'branch',
      describe: 'what it was made from (default: the target of the config, or main)',
    },
    by: {
      type: 'string',
      value: 'names',
      describe: 'agents of the config, with commas between (default: those of supervisor.roles.review)',
    },
  },
  optional: { commit: 'a branch or commit (default: HEAD; what is not committed is no part of it)' },
  ownSignals: true,
  run: async (args, io): Promise<Result<CliOutcome>> => {
    const site = personSite(io.context, 'review', args.cwd)
    if (!site.ok) return site
    const asked = {
      work: args.commit ?? null,
      base: args.base ?? null,
      by:
        args.by === undefined
          ? null
          : args.by
              .split(',')
              .map((one) => one.trim())
              .filter(Boolean),
    }
    return answeredAtBase(
      io,
      site.value,
      (ground, show) => reviewRange(ground, asked, show),
      (seen) => {
        const waits = seen.reviews.some((one) => one.kind === 'quota')
        const isRefused = seen.reviews.some((one) => one.kind === 'verdict' && !isPass(one.review))
        const code = isPassed(seen)
          ? 0
          : waits && !isRefused
            ? restCode({ state: 'suspended', until: null })
            : 1
        return ok({ code, data: reviewFields(seen), text: () => reviewDoc(seen) })
      },
    )
  },
})
