import { type Failure, type Result, ok } from '../base/result.ts'
import { withAppServer } from '../codex/app-server.ts'
import { setPlanTool } from '../codex/codex-config.ts'
import { type RunningCodex, runningCodexes } from '../codex/running.ts'
import { configFix } from '../codex/config-file.ts'
import type { HookTrust, TrustState } from '../codex/trust.ts'
import type { Context } from '../records/context.ts'
import { writeMachine } from '../records/machine.ts'
import { applyBootstrap } from './bootstrap-apply.ts'
import { type BootstrapPlan, type PlanOptions, planBootstrap } from './bootstrap-plan.ts'
import { type CodexWord, askCodex, inBothFiles } from './codex-word.ts'
import { versionDirectory } from './shim.ts'

export interface BootstrapOptions extends PlanOptions {
  readonly dryRun: boolean
  /** Shown exactly the hooks that Codex would trust with this; `--trust` answers true, without a person to ask it is false. */
  readonly mayTrust: (hooks: readonly HookTrust[]) => Promise<boolean>
  /** Asked once where nothing says whether models get the plan tool; true enables it. Absent: never enabled. */
  readonly mayEnablePlanTool?: () => Promise<boolean>
  /** Trust was asked for: without it in the end, bootstrap has failed. */
  readonly mustTrust: boolean
}

/** What bootstrap did, with the field names scripts read. */
export interface BootstrapAnswer {
  readonly ok: boolean
  readonly dry_run: boolean
  readonly codex_home: string
  readonly home: string
  readonly version: string
  readonly codex: { readonly path: string; readonly version: string }
  readonly files: readonly { readonly path: string; readonly action: string }[]
  readonly hooks: readonly {
    readonly event: string
    readonly key: string | null
    readonly command: string
    readonly trust: TrustState | null
  }[]
  /** `trusted` by Codex's own word; `unproven` when there is no such word (yet). */
  readonly enforced: 'trusted' | 'unproven'
  /** Whether models get `update_plan`; null when Codex's config does not say (current models then do not). */
  readonly plan_tool: boolean | null
  /** Codex processes that began before this: their threads know nothing of it until they are started again. */
  readonly restart: readonly { readonly pid: number; readonly cwd: string | null; readonly daemon: boolean }[]
  readonly warnings: readonly string[]
  /** Commands to go on with. */
  readonly next: readonly string[]
}

/** Plan, apply, Codex's word, record. Codes: those of planBootstrap and applyBootstrap. */
export async function bootstrap(
  options: BootstrapOptions,
  context: Context,
): Promise<Result<BootstrapAnswer>> {
  const planned = planBootstrap(options, context)
  if (!planned.ok) return planned
  const plan = planned.value
  if (options.dryRun) return ok(answerOf(plan, null, options, [], context))
  let trusted = false
  const mayTrust: BootstrapOptions['mayTrust'] = async (hooks) => (trusted = await options.mayTrust(hooks))
  const applied = applyBootstrap(plan)
  if (!applied.ok) return applied
  const word = await askCodex({
    codex: plan.codex,
    env: context.env,
    hooksFile: plan.hooksFile,
    groups: plan.groups,
    cwd: plan.codexHome,
    mayTrust,
  })
  const restart = plan.merged.changed || trusted ? runningCodexes(context.env) : []
  if (!word.ok) return ok(answerOf(plan, word, options, restart, context))
  const enabled = word.value.planTool === null && (await enablePlanTool(plan, options, context))
  // Where somebody took our setting out, a later one is theirs.
  const { planTool = false, ...machine } = plan.machine
  writeMachine(plan.home, {
    ...machine,
    hooks: word.value.ours.map(({ event, command, state }) => ({ event, command, trust: state })),
    ...(enabled || (planTool && word.value.planTool !== null) ? { planTool: true } : {}),
  })
  const heard = enabled ? { ...word.value, planTool: true } : word.value
  return ok(answerOf(plan, ok(heard), options, restart, context))
}

async function enablePlanTool(
  plan: BootstrapPlan,
  options: BootstrapOptions,
  context: Context,
): Promise<boolean> {
  if (!(await options.mayEnablePlanTool?.())) return false
  const done = await withAppServer(plan.codex.native, context.env, (server) => setPlanTool(server, true))
  return done.ok
}

function answerOf(
  plan: BootstrapPlan,
  word: Result<CodexWord> | null,
  options: BootstrapOptions,
  running: readonly RunningCodex[],
  context: Context,
): BootstrapAnswer {
  const heard = word?.ok ? word.value : null
  return {
    ok: !options.mustTrust || options.dryRun || heard?.all === true,
    dry_run: options.dryRun,
    codex_home: plan.codexHome,
    home: plan.home,
    version: plan.machine.version,
    codex: { path: plan.codex.path, version: plan.codex.version },
    files: filesOf(plan),
    hooks: plan.groups.map(({ event, command }) => {
      const ours = heard?.ours.find((hook) => hook.event === event)
      return { event, key: ours?.hook?.key ?? null, command, trust: ours?.state ?? null }
    }),
    enforced: heard?.all === true ? 'trusted' : 'unproven',
    plan_tool: heard?.planTool ?? null,
    restart: running.map(({ pid, cwd, daemon }) => ({ pid, cwd, daemon })),
    warnings: [
      ...plan.notes,
      ...(heard?.listing.warnings ?? []),
      ...(word !== null && !word.ok ? [speechless(word.error)] : []),
      ...switchedOff(heard),
      ...twoFiles(plan, heard, context),
    ],
    next: word !== null && !word.ok ? nextAfter(word.error, context) : nextSteps(options, heard),
  }
}

/** The many files of one version are one entry. */
function filesOf(plan: BootstrapPlan): BootstrapAnswer['files'] {
  const dir = `${versionDirectory(plan.home, plan.machine.version)}/`
  const copies = plan.files.filter((file) => file.path.startsWith(dir))
  const kinds = new Set(copies.map((file) => file.action))
  const whole = kinds.size === 1 ? ([...kinds][0] ?? 'same') : 'update'
  const hooks = !plan.merged.changed ? 'same' : plan.hooksBefore === null ? 'create' : 'update'
  return [
    { path: dir, action: whole },
    ...plan.files
      .filter((file) => !file.path.startsWith(dir))
      .map(({ path: file, action }) => ({ path: file, action })),
    { path: plan.hooksFile, action: hooks },
  ]
}

function twoFiles(plan: BootstrapPlan, heard: CodexWord | null, { env }: Context): string[] {
  const both = heard && inBothFiles(heard.listing, plan.hooksFile, env)
  return both ? [`${both.reason}: ${both.fix}`] : []
}

function switchedOff(heard: CodexWord | null): string[] {
  if (heard?.hooksOn === false)
    return ['hooks are switched off in Codex as a whole: codex features enable hooks']
  return (heard?.ours ?? [])
    .filter(({ state }) => state === 'disabled')
    .map(({ event }) => `the ${event} hook is switched off in Codex's own settings and was left so`)
}

function speechless(error: Failure): string {
  if (error.code === 'trust-unwritten') return error.message
  return `Codex could not be asked whether it runs the hooks: ${error.message}`
}

/** Doctor could only say the same again. */
function nextAfter(error: Failure, { env }: Context): string[] {
  const again = 'autonomous-loop bootstrap --trust'
  const fix = configFix(error, env)
  return fix.includes(again) ? [fix] : [fix, again]
}

function nextSteps(options: BootstrapOptions, heard: CodexWord | null): string[] {
  if (options.dryRun) return ['autonomous-loop bootstrap --trust']
  if (heard?.all === true) return ['autonomous-loop install-repo --repo <path>', 'autonomous-loop prove']
  return ['autonomous-loop bootstrap --trust', 'autonomous-loop doctor']
}
