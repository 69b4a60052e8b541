import fs from 'node:fs'
import { shellWord } from '../../base/shell-word.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { sha256 } from '../../base/hash.ts'
import { applyAllow, planAllow } from '../../control/allow.ts'
import { PACKAGE_MANAGERS } from '../../definition/node/managers.ts'
import { findAssets } from '../../setup/assets.ts'
import { agentsMdPath, putSection } from '../../setup/agents-md.ts'
import type { Approval } from '../../records/approvals.ts'
import { inPlaceReasons } from '../../setup/install/measured.ts'
import { type InstallResult, applyInstall } from '../../setup/install/apply.ts'
import { type InstallPlan, planInstall } from '../../setup/install/plan.ts'
import { readPresent } from '../../setup/install/read-present.ts'
import { confirm } from '../ask.ts'
import { askerOf, mayChangeSetup } from '../asker.ts'
import { type Io, command } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { type KnownPlan, measurePlan } from '../measure-plan.ts'
import { done, interruptedCode } from '../outcome.ts'
import { failureOutcome } from '../render/failure.ts'
import { agentsMdSnippet } from '../render/instructions.ts'
import { dryAnswer, dryDoc, installAnswer, installDoc } from '../render/install.ts'

/** `install-repo`: config, skill and, if asked, hooks of one repository. Approves the config it wrote, never one it found. */
export const installRepo = command({
  flags: {
    repo: { type: 'string', value: 'dir', demandOption: true, describe: 'the repository' },
    force: { type: 'boolean', describe: 'replace files that are there and differ' },
    'package-manager': {
      type: 'string',
      describe: `${PACKAGE_MANAGERS.join(', ')} (default: as found)`,
    },
    'prefer-scripts': {
      type: 'string',
      describe: 'scripts or targets to use as gates, with commas between them',
    },
    'install-hooks': { type: 'boolean', describe: "also put the hooks into the repository's own hooks.json" },
    'agents-md': { type: 'boolean', describe: 'also tell agents about it in AGENTS.md, between markers' },
    scope: {
      type: 'boolean',
      describe:
        'put the proposed scope into the config: nothing else may then differ from the start of a run',
    },
    measure: {
      type: 'string',
      bare: 'once',
      value: 'full',
      describe:
        'run each command in the gate sandbox, to see what it needs; full: look also at gates over two minutes whether they notice a broken source',
    },
    'dry-run': { type: 'boolean', describe: 'only show what would be written, and why' },
  },
  usage: ({ measure: how }) =>
    how === undefined || ['once', 'full'].includes(how)
      ? undefined
      : '--measure stands alone or is --measure=full',
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
      writeScope: args.scope === true,
      ...(args['package-manager'] === undefined ? {} : { packageManager: args['package-manager'] }),
      ...(args['prefer-scripts'] === undefined ? {} : { preferScripts: listOf(args['prefer-scripts']) }),
    })
    if (!plan.ok) return plan
    const section = args['agents-md'] === true ? planAgentsMd(plan.value.root) : ok([])
    if (!section.ok) return section
    const whole = { ...plan.value, files: [...plan.value.files, ...section.value] }
    const dry = args['dry-run'] === true
    const known = await measurePlan(io, whole, {
      asked: args.measure !== undefined,
      full: args.measure === 'full',
      dry,
    })
    if (!known.ok)
      // The command may have heard the Ctrl-C before we do, so its answer itself says what it was.
      return known.error.code === 'interrupted' ? ok(failureOutcome(known.error, interruptedCode)) : known
    if (dry) return ok(done(dryAnswer(known.value), () => dryDoc(known.value)))
    const applied = applyInstall(known.value.plan)
    if (!applied.ok) return applied
    return approve(io, known.value, applied.value)
  },
})

/** Our section of AGENTS.md as one more file of the plan. Its words name no path of this machine: the file is shared. */
function planAgentsMd(root: string): Result<InstallPlan['files']> {
  const present = readPresent(root, agentsMdPath)
  if (!present.ok) return present
  const text = putSection(present.value, agentsMdSnippet('autonomous-loop'))
  if (!text.ok) return text
  const action = present.value === null ? 'create' : present.value === text.value ? 'same' : 'replace'
  return ok([{ path: agentsMdPath, text: text.value, action }])
}

async function approve(io: Io, { plan, measuring, noticing }: KnownPlan, result: InstallResult) {
  const allowance = planAllow(io.context, plan.root)
  if (!allowance.ok) return allowance
  const { approval, config, already } = allowance.value
  const same = ours(plan, approval.sha256)
  if (!same.ok) return same
  const found = plan.files.some((file) => file.action === 'keep' && plan.config.path.endsWith(file.path))
  const agreed = already || !found ? ok(true) : await askToApprove(io, plan)
  if (!agreed.ok) return agreed
  const approved = agreed.value
  if (approved && (!already || measuring !== null)) {
    const kept = withWhatWasSeen(approval, measuring, noticing)
    const written = applyAllow(io.context, { ...allowance.value, approval: kept })
    if (!written.ok) return written
  }
  const about = {
    plan,
    result,
    config,
    sha256: approval.sha256,
    approved,
    measuring,
    noticing,
  }
  return ok(done(installAnswer(about), () => installDoc(about)))
}

/** What was measured stands beside the approval, because a config says only what to do about it. */
function withWhatWasSeen(
  { unnoticed: before, inPlace: were, ...rest }: Approval,
  measuring: KnownPlan['measuring'],
  noticing: KnownPlan['noticing'],
): Approval {
  const looked = noticing?.kind === 'unnoticed' || noticing?.kind === 'noticed'
  const unnoticed = noticing?.kind === 'unnoticed' ? noticing.files : looked ? undefined : before
  const inPlace = measuring === null ? were : inPlaceReasons(measuring)
  return {
    ...rest,
    ...(unnoticed === undefined ? {} : { unnoticed }),
    ...(inPlace === undefined || Object.keys(inPlace).length === 0 ? {} : { inPlace }),
  }
}

/** Between writing and approving nobody may have put another text there. */
function ours(plan: InstallPlan, found: string): Result<true> {
  return found === sha256(plan.config.text)
    ? ok(true)
    : fail(
        'config-changed',
        `${plan.config.path} was changed by somebody else just now; it is not approved`,
        {
          fix: `autonomous-loop allow --repo ${shellWord(plan.root)}`,
        },
      )
}

/** A config that was there may come from anywhere: only a person who was shown it approves it. */
async function askToApprove(io: Io, plan: InstallPlan): Promise<Result<boolean>> {
  if (!io.interactive || askerOf(io.context) === 'agent') return ok(false)
  const commands = plan.commands.map((one) => `  ${one.name}: ${one.argv.join(' ')}\n`).join('')
  return confirm(
    `${plan.config.path} was there already. Its commands:\n${commands}Approve it as it is?`,
    'the files were written, and the config is not approved',
  )
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
