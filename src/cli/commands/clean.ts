import { type Result, ok } from '../../base/result.ts'
import { clean, nameOf } from '../../supervisor/orders/clean.ts'
import { siteOf } from '../../supervisor/batch/site.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { type CliOutcome, done } from '../outcome.ts'
import { personSite } from '../person-site.ts'
import { type Doc, quiet, strong, warn } from '../render/doc.ts'

/** `clean`: shows what batches left that nobody needs any more, and removes it with `--apply`. */
export const cleanCommand = command({
  flags: {
    ...cwdFlag,
    apply: { type: 'boolean', describe: 'remove it; without it, it is only shown' },
    discard: {
      type: 'string',
      value: 'batch',
      describe: 'a whole batch: its head, its work that is nowhere else, and its record',
    },
  },
  run: async (args, { context }): Promise<Result<CliOutcome>> => {
    const dry = args.apply !== true
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const site = dry ? siteOf(cwd.value) : personSite(context, 'clean', args.cwd)
    if (!site.ok) return site
    const discard = args.discard ?? null
    const cleaned = await clean(context, site.value, { dry, discard })
    if (!cleaned.ok) return cleaned
    const { remove, kept, rescued } = cleaned.value
    const names = remove.map((one) => ({ what: one.what, name: nameOf(one) }))
    const data = { ok: true, action: 'clean', dry_run: dry, discard, removed: names, kept, rescued }
    return ok(
      done(data, (): Doc => {
        const apply = `autonomous-loop clean${discard === null ? '' : ` --discard ${discard}`} --apply`
        if (names.length + kept.length === 0) return ['There is nothing to remove.']
        return [
          ...names.map(({ what, name }) => [quiet(dry ? 'would remove ' : 'removed '), `${what} ${name}`]),
          ...rescued.map((ref) => ['kept first: ', ref]),
          ...kept.map(({ name, why }) => [warn('left alone: '), `${name}: ${why}`]),
          ...(dry && names.length > 0 ? [['remove it: ', strong(apply)]] : []),
        ]
      }),
    )
  },
})
