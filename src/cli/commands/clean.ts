import { type Result, ok } from '../../base/result.ts'
import { siteOf } from '../../supervisor/batch/site.ts'
import { KEEP_LOGS, cleanBatches, cleanFlags } from '../clean-batches.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { type CliOutcome, done } from '../outcome.ts'
import { personSite } from '../person-site.ts'
import { cleanedDoc } from '../render/cleaned-batches.ts'
import { type Doc, strong } from '../render/doc.ts'

/** `clean`: the part of `cleanup` that is about batches. */
export const cleanCommand = command({
  flags: { ...cwdFlag, ...cleanFlags },
  usage: ({ 'keep-logs': days }) => (days >= 0 ? undefined : '--keep-logs is a number of days'),
  run: async (args, { context }): Promise<Result<CliOutcome>> => {
    const dry = args.apply !== true
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const site = dry ? siteOf(cwd.value) : personSite(context, 'clean', args.cwd)
    if (!site.ok) return site
    const discard = args.discard ?? null
    const days = args['keep-logs']
    const cleaned = await cleanBatches(context, site.value, dry, { discard, 'keep-logs': days })
    if (!cleaned.ok) return cleaned
    const { removed, kept } = cleaned.value
    const data = { ok: true, action: 'clean', dry_run: dry, discard, ...cleaned.value }
    return ok(
      done(data, (): Doc => {
        const logs = days === KEEP_LOGS ? '' : ` --keep-logs ${days}`
        const apply = `autonomous-loop clean${discard === null ? logs : ` --discard ${discard}`} --apply`
        if (removed.length + kept.length === 0) return ['There is nothing to remove.']
        return [
          ...cleanedDoc(cleaned.value, dry),
          ...(dry && removed.length > 0 ? [['remove it: ', strong(apply)]] : []),
        ]
      }),
    )
  },
})
