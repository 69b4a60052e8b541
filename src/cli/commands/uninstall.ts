import { ok } from '../../base/result.ts'
import { planUnmanaged } from '../../setup/managed/managed.ts'
import { systemPlaces } from '../../setup/managed/places.ts'
import { uninstall as uninstallMachine } from '../../setup/uninstall.ts'
import { confirm } from '../ask.ts'
import { command } from '../command.ts'
import { carryOutManaged } from '../managed.ts'
import { declined, done } from '../outcome.ts'
import { uninstallDoc } from '../render/setup.ts'

/** `uninstall`: takes hooks, skill and programs away again; ledgers and approvals stay unless `--purge`. */
export const uninstall = command({
  flags: {
    purge: { type: 'boolean', describe: 'remove ledgers, approvals and everything else too' },
    managed: { type: 'boolean', describe: "as root: take our hooks out of the system's requirements.toml" },
    force: { type: 'boolean', describe: 'also while runs are open' },
    'dry-run': { type: 'boolean', describe: 'only say what would be removed' },
  },
  run: async (args, io) => {
    const { context, interactive } = io
    if (args.managed === true) {
      const plan = planUnmanaged(systemPlaces, context)
      if (!plan.ok) return plan
      const how = { yes: args.force === true, dry: args['dry-run'] === true, action: 'uninstall --managed' }
      return carryOutManaged(plan.value, io, how)
    }
    const dryRun = args['dry-run'] === true
    const purge = args.purge === true
    const { home } = context.env
    if (purge && !dryRun && interactive) {
      const yes = await confirm(`Remove everything in ${home}, ledgers included?`, 'nothing was removed')
      if (!yes.ok) return yes
      if (!yes.value) return ok(declined('uninstall', 'Nothing was removed.'))
    }
    const answer = await uninstallMachine({ purge, dryRun, force: args.force === true }, context)
    return answer.ok ? ok(done(answer.value, () => uninstallDoc(answer.value))) : answer
  },
})
