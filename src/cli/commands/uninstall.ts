import { ok } from '../../base/result.ts'
import { uninstall as uninstallMachine } from '../../setup/uninstall.ts'
import { confirm } from '../ask.ts'
import { command } from '../command.ts'
import { done } from '../outcome.ts'
import { uninstallDoc } from '../render/setup.ts'

/** `uninstall`: takes hooks, skill and programs away again; ledgers and approvals stay unless `--purge`. */
export const uninstall = command({
  flags: {
    purge: { type: 'boolean', describe: 'remove ledgers, approvals and everything else too' },
    force: { type: 'boolean', describe: 'also while runs are open' },
    'dry-run': { type: 'boolean', describe: 'only say what would be removed' },
  },
  run: async (args, { context, interactive }) => {
    const dryRun = args['dry-run'] === true
    const purge = args.purge === true
    const { home } = context.env
    if (
      purge &&
      !dryRun &&
      interactive &&
      !(await confirm(`Remove everything in ${home}, ledgers included?`))
    )
      return ok(done({ ok: true, action: 'uninstall', removed: [] }, () => ['Nothing was removed.']))
    const answer = await uninstallMachine({ purge, dryRun, force: args.force === true }, context)
    return answer.ok ? ok(done(answer.value, () => uninstallDoc(answer.value))) : answer
  },
})
