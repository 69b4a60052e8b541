import path from 'node:path'
import { type Result, ok } from '../../base/result.ts'
import { findCodex } from '../../codex/find-codex.ts'
import type { OurGroup } from '../../codex/hooks-file/json.ts'
import type { Context } from '../../records/context.ts'
import { type Assets, findAssets } from '../../setup/assets.ts'
import { type BootstrapAnswer, bootstrap as bootstrapMachine } from '../../setup/bootstrap.ts'
import { type PlanOptions, planBootstrap } from '../../setup/bootstrap-plan.ts'
import { type CodexWord, askCodex, runsManaged } from '../../setup/codex-word.ts'
import { bootstrapClaude } from '../../setup/claude/bootstrap.ts'
import { planClaude } from '../../setup/claude/plan.ts'
import { planManaged } from '../../setup/managed/managed.ts'
import { isManaged, systemPlaces } from '../../setup/managed/places.ts'
import { proveBriefly } from '../../prove/brief.ts'
import { confirm } from '../ask.ts'
import { bundleDirectory } from '../bundle.ts'
import { type Io, command } from '../command.ts'
import { carryOutManaged } from '../managed.ts'
import { type CliOutcome, declined } from '../outcome.ts'
import { printDoc } from '../render/doc.ts'
import { claudeDoc } from '../render/claude.ts'
import { waitingLine } from '../render/progress.ts'
import { bootstrapDoc, briefDoc, intentDoc } from '../render/setup.ts'
import { screenWidth } from '../screen.ts'

/**
 * `bootstrap`: sets the machine up, then asks Codex itself whether it took. On a terminal it shows everything first, asks
 * once and ends with a real block. Exit status 1 when trust was wanted and is not there.
 */
export const bootstrap = command({
  flags: {
    trust: { type: 'boolean', describe: 'trust our hooks in Codex, and only ours' },
    'plan-tool': {
      type: 'boolean',
      describe: "let models have update_plan where Codex's config does not say, so that plans are held too",
    },
    'dry-run': { type: 'boolean', describe: 'only say what would be written' },
    force: { type: 'boolean', describe: 'replace files at our places that are not ours' },
    managed: {
      type: 'boolean',
      describe:
        "as root: hooks for every user, in the system's requirements.toml; nobody can switch them off",
    },
    claude: {
      type: 'boolean',
      describe:
        "our hooks in Claude Code's own settings instead, so that its sessions are held by the same contract",
    },
    'stop-timeout': { type: 'number', describe: 'seconds a stop may take, gates included (default: 3600)' },
  },
  run: async (args, io) => {
    const assets = findAssets()
    if (!assets.ok) return assets
    if (args.managed === true)
      return managed(assets.value, io, { yes: args.trust === true, dry: args['dry-run'] === true })
    const asked = {
      assets: assets.value,
      force: args.force === true,
      stopTimeoutSeconds: args['stop-timeout'] ?? null,
      node: process.execPath,
      platform: process.platform,
    }
    if (args.claude === true) return claude(asked, io, args['dry-run'] === true)
    const options: PlanOptions = { ...asked, managed: await managedHere(io.context) }
    const trust = args.trust === true
    if (io.interactive && !trust && args['dry-run'] !== true)
      return guided({ ...options, takeOver: true }, io)
    const answer = await bootstrapMachine(
      {
        ...options,
        takeOver: trust,
        dryRun: args['dry-run'] === true,
        mustTrust: trust,
        mayTrust: () => Promise.resolve(trust),
        mayEnablePlanTool: () => Promise.resolve(args['plan-tool'] === true),
      },
      io.context,
    )
    if (!answer.ok) return answer
    const told = trust ? answer.value : nobodyAsked(answer.value)
    return ok({ code: told.ok ? 0 : 1, data: told, text: () => bootstrapDoc(told) })
  },
})

/** Without a terminal and without `--trust` nothing that runs outside the sandbox is switched on. */
function nobodyAsked(answer: BootstrapAnswer): BootstrapAnswer {
  const asleep = answer.hooks.some(({ trust }) => trust === 'untrusted' || trust === 'modified')
  if (!asleep) return answer
  const warning =
    'nobody was asked whether Codex may run these hooks (no terminal, no --trust), so it does not run them'
  return { ...answer, warnings: [...answer.warnings, warning] }
}

async function managedHere(context: Context): Promise<boolean> {
  const codex = isManaged() ? findCodex(context.env) : null
  return codex?.ok === true && runsManaged(codex.value, context.env)
}

/** For the whole machine. What will change in requirements.toml is shown first. */
async function managed(
  assets: Assets,
  io: Io,
  how: { readonly yes: boolean; readonly dry: boolean },
): Promise<Result<CliOutcome>> {
  const plan = planManaged({ assets, node: process.execPath, places: systemPlaces }, io.context)
  if (!plan.ok) return plan
  return carryOutManaged(plan.value, io, { ...how, action: 'bootstrap --managed' })
}

/** In the person's settings of Claude Code. On a terminal it is shown first and asked for. */
async function claude(options: PlanOptions, io: Io, dryRun: boolean): Promise<Result<CliOutcome>> {
  const plan = planClaude(options, io.context)
  if (!plan.ok) return plan
  if (io.interactive && !dryRun && plan.value.merged.changed) {
    const shown = bootstrapClaude(plan.value, io.context, true)
    if (!shown.ok) return shown
    process.stderr.write(`${printDoc(claudeDoc(shown.value), colours(), screenWidth(process.stderr))}\n`)
    const yes = await confirm('Do this?', 'nothing was written')
    if (!yes.ok) return yes
    if (!yes.value) return ok(declined('bootstrap --claude', 'Nothing was written.'))
  }
  const answer = bootstrapClaude(plan.value, io.context, dryRun)
  if (!answer.ok) return answer
  return ok({ code: answer.value.ok ? 0 : 1, data: answer.value, text: () => claudeDoc(answer.value) })
}

/** Look, show, ask once, do, prove. */
async function guided(options: PlanOptions, io: Io): Promise<Result<CliOutcome>> {
  const { context, interrupted } = io
  const plan = planBootstrap(options, context)
  if (!plan.ok) return plan
  const { codex, hooksFile, groups, codexHome } = plan.value
  const before = await askCodex({
    codex,
    env: context.env,
    hooksFile,
    groups,
    cwd: codexHome,
    mayTrust: () => Promise.resolve(false),
  })
  const untrusted = wouldTrust(before, groups)
  const planTool = before.ok && before.value.planTool === null
  const changes = plan.value.merged.changed || plan.value.files.some((file) => file.action !== 'same')
  const asked = changes || untrusted.length > 0
  if (asked) {
    process.stderr.write(
      `${printDoc(intentDoc(plan.value, untrusted, planTool), colours(), screenWidth(process.stderr))}\n`,
    )
    const yes = await confirm('Do this?', 'nothing was written')
    if (!yes.ok) return yes
    if (!yes.value)
      return ok(
        declined('bootstrap', 'Nothing was written. autonomous-loop bootstrap --dry-run shows it again.'),
      )
  }
  const answer = await bootstrapMachine(
    {
      ...options,
      dryRun: false,
      mustTrust: true,
      mayTrust: () => Promise.resolve(true),
      mayEnablePlanTool: () => Promise.resolve(asked && planTool),
    },
    context,
  )
  if (!answer.ok || !asked || !answer.value.ok)
    return answer.ok ? ok(outcome(answer.value, () => bootstrapDoc(answer.value))) : answer

  const line = waitingLine(io)
  line.show('one short session of your Codex, with a scripted model')
  const cli = path.join(bundleDirectory(), 'cli', 'main.js')
  const brief = await proveBriefly(context.env, { cli, node: process.execPath, abort: interrupted, codex })
  line.clear()
  const shown = brief.ok && brief.value.ok
  const data = { ...answer.value, ok: shown, proof: brief.ok ? brief.value : null }
  return ok(
    outcome(data, () => [
      ...briefDoc(brief.ok ? brief.value : null, brief.ok ? null : brief.error.message),
      '',
      ...bootstrapDoc(answer.value),
    ]),
  )
}

function outcome(data: BootstrapAnswer, text: CliOutcome['text']): CliOutcome {
  return { code: data.ok ? 0 : 1, data, text }
}

/** Our groups that Codex does not run yet; all of them while it cannot see them. What a person disabled stays so. */
function wouldTrust(word: Result<CodexWord>, groups: readonly OurGroup[]): readonly OurGroup[] {
  if (!word.ok) return groups
  const { ours } = word.value
  return groups.filter(({ event }) =>
    ['missing', 'untrusted', 'modified'].includes(
      ours.find((hook) => hook.event === event)?.state ?? 'missing',
    ),
  )
}

function colours(): boolean {
  return process.stderr.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
}
