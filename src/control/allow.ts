import { type Result, err, fail, ok } from '../base/result.ts'
import { type ConfigChange, configChanges } from '../contract/config-changes.ts'
import { parseProjectConfig } from '../contract/config.ts'
import type { ProjectConfig } from '../contract/types.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { safeGatePath } from '../gates/gate-path.ts'
import { ensureHome } from '../ledger/home.ts'
import { readConfigText } from '../definition/config-text.ts'
import { type Approval, approvalBefore, findApproval, saveApproval } from '../records/approvals.ts'
import type { Context } from '../records/context.ts'
import { problemsFailure } from '../records/policy.ts'
import { needPreflight } from '../records/need-preflight.ts'

/** What a person is about to accept: shown before, kept after. */
export interface Allowance {
  readonly root: string
  readonly config: ProjectConfig
  readonly approval: Approval
  readonly already: boolean
  /** What differs from the newest other content that was approved here; null: there is none, or it cannot be read any more. */
  readonly changes: readonly ConfigChange[] | null
}

/** Looks at the config of a repository and says what approving it would accept; writes nothing. Codes: config-missing, config-unreadable, invalid-config. */
export function planAllow(context: Context, repo: string): Result<Allowance> {
  const { env } = context
  const root = findRepoRoot(repo)
  const now = readConfigText(root)
  if (!now.ok) return now
  const config = parseProjectConfig(now.value.text, now.value.path)
  if (!config.ok) return err(problemsFailure('invalid-config', now.value.path, config.error))
  const before = findApproval(env.home, now.value.path, now.value.sha256)
  const earlier = before ? undefined : approvalBefore(env.home, now.value.path, now.value.sha256)
  const known = earlier && parseProjectConfig(earlier.text, earlier.path)
  const gatePath = safeGatePath(env.vars['PATH'] ?? '', { root, tmpDir: env.tmpDir })
  if (gatePath === '')
    return fail('gate-path', 'PATH holds no directory that gates may use', { fix: 'set PATH and repeat' })
  return ok({
    root,
    config: config.value,
    changes: known?.ok ? configChanges(known.value, config.value) : null,
    already: before !== undefined && before.gatePath === gatePath,
    approval: {
      v: 1,
      ...now.value,
      gatePath,
      at: context.clock(),
      ...(before?.unnoticed === undefined ? {} : { unnoticed: before.unnoticed }),
      ...(before?.inPlace === undefined ? {} : { inPlace: before.inPlace }),
    },
  })
}

/** Records the approval, and has the box tried in which its gates will run. Codes: home-unwritable. */
export function applyAllow(context: Context, allowance: Allowance): Result<Approval> {
  const home = ensureHome(context.env.home)
  if (!home.ok) return home
  const saved = saveApproval(context.env.home, allowance.approval)
  if (!saved.ok) return saved
  needPreflight(context, allowance.root, allowance.config)
  return ok(allowance.approval)
}
