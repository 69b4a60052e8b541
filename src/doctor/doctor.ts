import type { Context } from '../records/context.ts'
import { ADVISORY, batchChecks } from './batches/checks.ts'
import { advice, type Checks } from './check.ts'
import { claudeChecks } from './claude.ts'
import { codexChecks } from './codex.ts'
import { hookChecks } from './hooks.ts'
import { lookAround } from './look.ts'
import { machineChecks } from './machine.ts'
import { repoChecks } from './repo.ts'
import { runChecks } from './runs.ts'

export type { Check, Checks } from './check.ts'

export interface DoctorAnswer {
  /** No check failed that is not merely advice. */
  readonly ok: boolean
  readonly home: string
  readonly codex_home: string
  readonly repo_root: string
  readonly checks: Checks
}

/**
 * Whether everything is really on, and the one command that fixes each thing that is not. Looks and tries, changes nothing.
 * Source: the home, CODEX_HOME, the repository around `cwd`, Codex itself.
 */
export async function runDoctor(context: Context, cwd: string): Promise<DoctorAnswer> {
  const look = await lookAround(context, cwd)
  const checks: Checks = {
    ...machineChecks(look),
    ...hookChecks(look),
    ...codexChecks(look),
    ...claudeChecks(look),
    ...repoChecks(look),
    ...runChecks(look),
    ...(await batchChecks(look)),
  }
  const advised = Object.fromEntries(
    Object.entries(checks).map(([name, check]) => [name, advisory.has(name) ? advice(check) : check]),
  )
  return {
    ok: Object.values(advised).every((check) => check.ok || check.advisory === true),
    home: context.env.home,
    codex_home: context.env.codexHome,
    repo_root: look.root,
    checks: advised,
  }
}

const advisory: ReadonlySet<string> = new Set<string>([
  'active_goal',
  'project_trust',
  'running_codex',
  'codex_version_drift',
  'claude_block_cap',
  'claude_sandbox',
  'competing_stop_hooks',
  'nested_codex',
  'one_hooks_file',
  'plan_tool',
  'runtime_hygiene',
  ...ADVISORY,
])
