import { reachesOutside } from '../../contract/network.ts'
import { shellWord } from '../../base/shell-word.ts'
import type { FrozenSteps } from '../../contract/steps.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import type { InstallResult } from '../../setup/install/apply.ts'
import type { Measured, Measuring } from '../../setup/install/measured.ts'
import type { Noticing } from '../../setup/install/noticing.ts'
import type { InstallPlan } from '../../setup/install/plan.ts'
import type { DetectedCommand } from '../../detect/detection.ts'
import { type Doc, type Line, type Span, bad, columns, good, quiet, strong, warn } from './doc.ts'
import { cleanRoomWords } from '../../verdict/words/place.ts'
import { stepLines } from './steps.ts'
import { nextLines } from './setup.ts'

export interface Installed {
  readonly plan: InstallPlan
  readonly result: InstallResult
  readonly config: ProjectConfig
  readonly sha256: string
  readonly approved: boolean
  /** null: nothing was measured. */
  readonly measuring: Measuring | null
  readonly noticing: Noticing | null
}

/** `install-repo` for machines. */
export function installAnswer({
  plan,
  result,
  config,
  sha256,
  approved,
  measuring,
  noticing,
}: Installed): object {
  return {
    ok: true,
    action: 'install-repo',
    ...aboutPlan(plan),
    commands: Object.fromEntries(Object.values(config.commands).map((one) => [one.name, one.argv])),
    gate_profiles: config.gateProfiles,
    written: result.written,
    kept: result.kept,
    unchanged: result.unchanged,
    config_path: plan.config.path,
    config_sha256: sha256,
    approved,
    measured: measuring === null ? null : measuring.measured.map(measuredAnswer),
    clean_room: measuring?.room ?? null,
    noticing,
    notes: plan.notes,
    next: nextSteps(plan.root, approved),
  }
}

/** `install-repo --dry-run` for machines. */
export function dryAnswer({
  plan,
  measuring,
  noticing,
}: Pick<Installed, 'plan' | 'measuring' | 'noticing'>): object {
  return {
    ok: true,
    action: 'install-repo',
    dry_run: true,
    ...aboutPlan(plan),
    files: plan.files.map(({ path, action }) => ({ path, action })),
    config_path: plan.config.path,
    config_text: plan.config.text,
    measured: measuring === null ? null : measuring.measured.map(measuredAnswer),
    clean_room: measuring?.room ?? null,
    noticing,
    notes: plan.notes,
    next: [`autonomous-loop install-repo --repo ${shellWord(plan.root)}`],
  }
}

function aboutPlan(plan: InstallPlan): object {
  return {
    repo_root: plan.root,
    ecosystem: plan.ecosystems[0] ?? null,
    ecosystems: plan.ecosystems,
    package_manager: plan.tool?.name ?? null,
    package_manager_reason: plan.tool?.reason ?? null,
    detected: plan.commands.map((one) => ({
      name: one.name,
      argv: one.argv,
      file: one.file,
      evidence: one.evidence,
      reason: one.reason,
      fast: one.fast,
      timeout_seconds: one.timeoutSeconds,
      network: one.network,
      writable: one.writable,
      pins: one.pins,
      steps: plan.steps[one.name] ?? null,
    })),
    prepare: plan.prepare,
    scope: { written: plan.scopeWritten, entries: plan.scope },
  }
}

/** What was measured of a command, for machines. */
export function measuredAnswer(one: Measured): object {
  return {
    name: one.name,
    outcome: one.outcome,
    duration_ms: one.durationMs,
    detail: one.detail,
    network: one.network,
    above: one.above,
    place: one.place,
    not_in_room: one.notInRoom,
    lacks: one.lacks,
    copy: one.copy,
  }
}

/** `install-repo` for a person. */
export function installDoc({ plan, result, approved, measuring }: Installed): Doc {
  const files: Line[] = [
    ...result.written.map((file): Line => [strong('written'), file]),
    ...result.kept.map((file): Line => [warn('kept'), file]),
    ...result.unchanged.map((file): Line => [quiet('unchanged'), file]),
  ]
  return [
    heading(plan),
    ...columns(files, 2),
    '',
    approved ? [good('Approved'), ' gates:'] : [warn('Not approved yet'), ', gates would be:'],
    ...gates(plan.commands, measuring, plan.steps),
    ...scopeLines(plan),
    ...plan.notes.map((one): Line => [warn('note: '), one]),
    ...nextLines(nextSteps(plan.root, approved)),
  ]
}

/** `install-repo --dry-run` for a person: what would be written, and for each command file, evidence and reason. */
export function dryDoc({ plan, measuring }: Pick<Installed, 'plan' | 'measuring'>): Doc {
  const words = { create: 'would write', replace: 'would replace', keep: 'would keep', same: 'is there' }
  return [
    heading(plan),
    ...columns(
      plan.files.map((file): Line => [quiet(words[file.action]), file.path]),
      2,
    ),
    '',
    'Gates:',
    ...gates(plan.commands, measuring, plan.steps),
    ...scopeLines(plan),
    ...plan.notes.map((one): Line => [warn('note: '), one]),
    '',
    [quiet(plan.config.path)],
    ...plan.config.text.trimEnd().split('\n'),
    ...nextLines([`autonomous-loop install-repo --repo ${shellWord(plan.root)}`]),
  ]
}

/** What alone may differ, or might, and why. */
function scopeLines({ scope, scopeWritten }: InstallPlan): Doc {
  if (scope.length === 0) return []
  return [
    '',
    scopeWritten
      ? 'Only this may differ from the start of a run:'
      : ['A scope for it, ', strong('not'), ' in the config (install-repo --scope writes it):'],
    ...columns(
      scope.map((one): Line => [one.entry, quiet(one.reason)]),
      2,
    ),
  ]
}

function heading(plan: InstallPlan): Line {
  const tool = plan.tool === null ? '' : `, ${plan.tool.name} (${plan.tool.reason})`
  return [strong(plan.root), quiet(`  ${plan.ecosystems.join(', ')}${tool}`)]
}

/** Two lines each: what is run, and what says so. */
export function gates(
  commands: readonly DetectedCommand[],
  measuring: Measuring | null,
  steps: FrozenSteps,
): Line[] {
  const width = Math.max(0, ...commands.map((one) => one.name.length))
  return commands.flatMap((one): Line[] => {
    const seen = measuring?.measured.find((each) => each.name === one.name)
    const rights = [
      ...(one.cwd === '.' ? [] : [`in ${one.cwd}`]),
      `at most ${one.timeoutSeconds} s`,
      ...(seen?.outcome === 'passes-as-version-1' ? ['without the box'] : []),
      ...(one.network !== null && reachesOutside(one.network) ? ['network'] : []),
      ...(one.writable.length > 0 ? [`may write ${one.writable.join(', ')}`] : []),
      ...(one.pins.length > 0 ? [`pins ${one.pins.join(', ')}`] : []),
    ].join(', ')
    return [
      [
        '  ',
        strong(one.name.padEnd(width)),
        `  ${one.argv.join(' ')}`,
        quiet(one.fast ? `  fast, ${rights}` : `  ${rights}`),
        ...(seen === undefined ? [] : ['  ', measuredSpan(seen)]),
      ],
      ['  ', ' '.repeat(width), quiet(`  ${one.file}: ${one.evidence} (${one.reason})`)],
      ...stepLines(steps[one.name]).map((line): Line => ['  ', ' '.repeat(width), quiet(`  ${line}`)]),
    ]
  })
}

/** How a command was measured. */
export function measuredSpan(seen: Measured): Span {
  const where = seen.place === 'clean-room' ? ` ${cleanRoomWords}` : ''
  const seconds = `${(seen.durationMs / 1000).toFixed(1)} s${where}`
  const words = {
    passes: good(`passes in ${seconds}`),
    'passes-after-download': good(`passes in ${seconds}, after a download`),
    'passes-with-network': warn(`passes in ${seconds}, with network only`),
    'passes-as-version-1': warn(`passes in ${seconds}, without the box only`),
    fails: bad('fails now'),
    'could-not-run': bad('could not run'),
  }
  return words[seen.outcome]
}

function nextSteps(root: string, approved: boolean): string[] {
  return approved
    ? [`autonomous-loop doctor --cwd ${shellWord(root)}`]
    : [`autonomous-loop allow --repo ${shellWord(root)}`, `autonomous-loop doctor --cwd ${shellWord(root)}`]
}
