import { type Result, ok } from '../../base/result.ts'
import { clean, nameOf } from '../../supervisor/orders/clean.ts'
import { siteOf } from '../../supervisor/batch/site.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { type CliOutcome, done } from '../outcome.ts'
import { personSite } from '../person-site.ts'
import { type Doc, quiet, strong, warn } from '../render/doc.ts'

const DAY = 24 * 3_600_000
/** Days; as `clean` keeps refs. */
const KEEP_LOGS = 30

/** `clean`: shows what batches left that nobody needs any more, and removes it with `--apply`. */
export const cleanCommand = command({
  flags: {
    ...cwdFlag,
    apply: { type: 'boolean', describe: 'remove it; without it, it is only shown' },
    'keep-logs': {
      type: 'number',
      value: 'days',
      default: KEEP_LOGS,
      describe: 'how long logs stay of a batch that is completed and landed',
    },
    discard: {
      type: 'string',
      value: 'batch',
      describe: 'a whole batch: its head, its work that is nowhere else, and its record',
    },
  },
  usage: ({ 'keep-logs': days }) => (days >= 0 ? undefined : '--keep-logs is a number of days'),
  run: async (args, { context }): Promise<Result<CliOutcome>> => {
    const dry = args.apply !== true
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const site = dry ? siteOf(cwd.value) : personSite(context, 'clean', args.cwd)
    if (!site.ok) return site
    const discard = args.discard ?? null
    const cleaned = await clean(context, site.value, { dry, discard, keepLogsMs: args['keep-logs'] * DAY })
    if (!cleaned.ok) return cleaned
    const { remove, kept, rescued } = cleaned.value
    const names = remove.map((one) => ({
      what: one.what,
      name: nameOf(one),
      ...(one.what === 'logs' ? { files: one.files.length } : {}),
      bytes: one.what === 'logs' ? one.bytes : undefined,
    }))
    const data = { ok: true, action: 'clean', dry_run: dry, discard, removed: names, kept, rescued }
    return ok(
      done(data, (): Doc => {
        const days = args['keep-logs'] === KEEP_LOGS ? '' : ` --keep-logs ${args['keep-logs']}`
        const apply = `autonomous-loop clean${discard === null ? days : ` --discard ${discard}`} --apply`
        if (names.length + kept.length === 0) return ['There is nothing to remove.']
        return [
          ...names.map(({ what, name, bytes }) => [
            quiet(dry ? 'would remove ' : 'removed '),
            `${what} ${name}`,
            quiet(bytes === undefined ? '' : `  ${sizeWords(bytes)}`),
          ]),
          ...rescued.map((ref) => ['kept first: ', ref]),
          ...kept.map(({ name, why }) => [warn('left alone: '), `${name}: ${why}`]),
          ...(dry && names.length > 0 ? [['remove it: ', strong(apply)]] : []),
        ]
      }),
    )
  },
})

function sizeWords(bytes: number): string {
  return `${(bytes / (1 << 20)).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`
}
