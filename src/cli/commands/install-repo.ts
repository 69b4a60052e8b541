import fs from 'node:fs'
import { type Result, fail, ok } from '../../base/result.ts'
import { sha256 } from '../../base/hash.ts'
import { applyAllow, planAllow } from '../../control/allow.ts'
import { findAssets } from '../../setup/assets.ts'
import { type InstallResult, applyInstall } from '../../setup/install/apply.ts'
import { type InstallPlan, planInstall } from '../../setup/install/plan.ts'
import { confirm } from '../ask.ts'
import { askerOf, mayChangeSetup } from '../asker.ts'
import { type Io, command } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { done } from '../outcome.ts'
import { installAnswer, installDoc } from '../render/install.ts'

/** `install-repo`: config, skill and, if asked, hooks of one repository. Approves the config it wrote, never one it found. */
export const installRepo = command({
  flags: {
    repo: { type: 'string', demandOption: true, describe: 'the repository' },
    force: { type: 'boolean', describe: 'replace files that are there and differ' },
    'package-manager': { type: 'string', describe: 'npm, pnpm, yarn or bun (default: as found)' },
    'prefer-scripts': { type: 'string', describe: 'scripts to use as gates, with commas between them' },
    'install-hooks': { type: 'boolean', describe: "also put the hooks into the repository's own hooks.json" },
  },
  run: async (args, io) => {
    const { context } = io
    const force = args.force === true
    const allowed = mayChangeSetup(context, 'install-repo', force)
    if (!allowed.ok) return allowed
    const repo = directoryOf(context.env, args.repo)
    if (!repo.ok) return repo
    const assets = findAssets()
    if (!assets.ok) return assets
    const plan = planInstall({
      root: fs.realpathSync(repo.value),
      env: context.env,
      skillDir: assets.value.skillDir,
      force,
      installHooks: args['install-hooks'] === true,
      ...(args['package-manager'] === undefined ? {} : { packageManager: args['package-manager'] }),
      ...(args['prefer-scripts'] === undefined ? {} : { preferScripts: listOf(args['prefer-scripts']) }),
    })
    if (!plan.ok) return plan
    const applied = applyInstall(plan.value)
    if (!applied.ok) return applied
    return approve(io, plan.value, applied.value)
  },
})

async function approve(io: Io, plan: InstallPlan, result: InstallResult) {
  const allowance = planAllow(io.context, plan.root)
  if (!allowance.ok) return allowance
  const { approval, config, already } = allowance.value
  const same = ours(plan, approval.sha256)
  if (!same.ok) return same
  const found = plan.files.some((file) => file.action === 'keep' && plan.config.path.endsWith(file.path))
  const approved = already || !found || (await askToApprove(io, plan))
  if (approved && !already) {
    const written = applyAllow(io.context, allowance.value)
    if (!written.ok) return written
  }
  const about = { plan, result, config, sha256: approval.sha256, approved }
  return ok(done(installAnswer(about), () => installDoc(about)))
}

/** Between writing and approving nobody may have put another text there. */
function ours(plan: InstallPlan, found: string): Result<true> {
  return found === sha256(plan.config.text)
    ? ok(true)
    : fail(
        'config-changed',
        `${plan.config.path} was changed by somebody else just now; it is not approved`,
        {
          fix: `autonomous-loop allow --repo ${plan.root}`,
        },
      )
}

/** A config that was there may come from anywhere: only a person who was shown it approves it. */
function askToApprove(io: Io, plan: InstallPlan): Promise<boolean> {
  if (!io.interactive || askerOf(io.context) === 'agent') return Promise.resolve(false)
  const commands = plan.commands.map((one) => `  ${one.name}: ${one.argv.join(' ')}\n`).join('')
  return confirm(`${plan.config.path} was there already. Its commands:\n${commands}Approve it as it is?`)
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
