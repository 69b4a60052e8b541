import type { ProjectConfig } from '../../contract/types.ts'
import type { InstallResult } from '../../setup/install/apply.ts'
import type { InstallPlan } from '../../setup/install/plan.ts'
import { type Doc, type Line, columns, good, quiet, strong, warn } from './doc.ts'
import { nextLines } from './setup.ts'

export interface Installed {
  readonly plan: InstallPlan
  readonly result: InstallResult
  readonly config: ProjectConfig
  readonly sha256: string
  readonly approved: boolean
}

/** `install-repo` for machines. */
export function installAnswer({ plan, result, config, sha256, approved }: Installed): object {
  return {
    ok: true,
    action: 'install-repo',
    repo_root: plan.root,
    ecosystem: plan.ecosystem,
    package_manager: plan.tool?.name ?? null,
    package_manager_reason: plan.tool?.reason ?? null,
    commands: Object.fromEntries(Object.values(config.commands).map((one) => [one.name, one.argv])),
    gate_profiles: config.gateProfiles,
    written: result.written,
    kept: result.kept,
    unchanged: result.unchanged,
    config_path: plan.config.path,
    config_sha256: sha256,
    approved,
    notes: plan.notes,
    next: nextSteps(plan.root, approved),
  }
}

/** `install-repo` for a person. */
export function installDoc({ plan, result, config, approved }: Installed): Doc {
  const files: Line[] = [
    ...result.written.map((file): Line => [strong('written'), file]),
    ...result.kept.map((file): Line => [warn('kept'), file]),
    ...result.unchanged.map((file): Line => [quiet('unchanged'), file]),
  ]
  const reasons = new Map(plan.commands.map((one) => [one.name, one.reason]))
  return [
    [strong(plan.root), plan.tool === null ? '' : quiet(`  ${plan.tool.name} (${plan.tool.reason})`)],
    ...columns(files, 2),
    '',
    approved ? [good('Approved'), ' gates:'] : [warn('Not approved yet'), ', gates would be:'],
    ...columns(
      Object.values(config.commands).map((one): Line => [
        strong(one.name),
        one.argv.join(' '),
        quiet(reasons.get(one.name) ?? ''),
      ]),
      2,
    ),
    ...plan.notes.map((one): Line => [warn('note: '), one]),
    ...nextLines(nextSteps(plan.root, approved)),
  ]
}

function nextSteps(root: string, approved: boolean): string[] {
  return approved
    ? [`autonomous-loop doctor --cwd ${root}`]
    : [`autonomous-loop allow --repo ${root}`, `autonomous-loop doctor --cwd ${root}`]
}
