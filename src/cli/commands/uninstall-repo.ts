import fs from 'node:fs'
import { ok } from '../../base/result.ts'
import { findAssets } from '../../setup/assets.ts'
import { applyUninstallRepo, planUninstallRepo } from '../../setup/uninstall-repo.ts'
import { mayChangeSetup } from '../asker.ts'
import { command } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { done } from '../outcome.ts'
import { type Line, warn } from '../render/doc.ts'

/** `uninstall-repo`: takes out of a repository what install-repo put there; what a person changed stays. */
export const uninstallRepo = command({
  flags: {
    repo: { type: 'string', value: 'dir', demandOption: true, describe: 'the repository' },
    force: { type: 'boolean', describe: 'also what was changed since, and while runs are open' },
    'dry-run': { type: 'boolean', describe: 'only say what would be removed' },
  },
  run: (args, { context }) => {
    const allowed = mayChangeSetup(context, 'install-repo', true)
    if (!allowed.ok) return allowed
    const repo = directoryOf(context.env, args.repo)
    if (!repo.ok) return repo
    const assets = findAssets()
    if (!assets.ok) return assets
    const root = fs.realpathSync(repo.value)
    const { skillDir } = assets.value
    const plan = planUninstallRepo(root, { home: context.env.home, skillDir, force: args.force === true })
    if (!plan.ok) return plan
    const dry = args['dry-run'] === true
    const applied = dry ? ok(undefined) : applyUninstallRepo(plan.value)
    if (!applied.ok) return applied
    const { changes, kept } = plan.value
    const named = (gone: boolean) =>
      changes.filter(({ text }) => (text === null) === gone).map((one) => one.path)
    const data = {
      ok: true,
      action: 'uninstall-repo',
      dry_run: dry,
      repo_root: root,
      removed: named(true),
      edited: named(false),
      kept,
    }
    return ok(
      done(data, () => [
        changes.length === 0
          ? 'Nothing of ours is here.'
          : `${dry ? 'Would be taken' : 'Taken'} out of ${root}:`,
        ...data.removed.map((file) => `  removed  ${file}`),
        ...data.edited.map((file) => `  edited   ${file} (only our part of it)`),
        ...kept.map(({ path, why }): Line => [warn('  kept     '), `${path}: ${why}`]),
      ]),
    )
  },
})
