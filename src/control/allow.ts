import { type Result, err, fail, ok } from '../base/result.ts'
import { type ConfigChange, configChanges } from '../contract/config-changes.ts'
import { parseWholeConfig } from '../contract/whole-config.ts'
import type { ProjectConfig } from '../contract/types.ts'
import type { BacklogProblem, Item } from '../backlog/item.ts'
import { lookAtBacklog, readBacklogFiles } from '../backlog/read-backlog.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { safeGatePath } from '../gates/gate-path.ts'
import { ensureHome } from '../ledger/home.ts'
import { readConfigText } from '../definition/config-text.ts'
import { type Approval, approvalBefore, findApproval, saveApproval } from '../records/approvals.ts'
import type { Context } from '../records/context.ts'
import { type ItemStanding, acceptItem, itemStandings } from '../records/item-approvals.ts'
import { problemsFailure } from '../records/policy.ts'
import { needPreflight } from '../records/need-preflight.ts'

/** What a person is about to accept: shown before, kept after. */
export interface Allowance {
  readonly root: string
  readonly config: ProjectConfig
  readonly approval: Approval
  readonly already: boolean
  /** Null: the repository has no file of a backlog. */
  readonly backlog: BacklogPlan | null
  /** What differs from the newest other content that was approved here; null: there is none, or it cannot be read any more. */
  readonly changes: readonly ConfigChange[] | null
}

/** Items that a person is about to accept with the config, by number. With problems none of them is accepted. */
export interface BacklogPlan {
  readonly items: readonly { readonly item: Item; readonly standing: ItemStanding }[]
  readonly problems: readonly BacklogProblem[]
}

/** Looks at the config of a repository and says what approving it would accept; writes nothing. Codes: config-missing, config-unreadable, invalid-config. */
export function planAllow(context: Context, repo: string): Result<Allowance> {
  const { env } = context
  const root = findRepoRoot(repo)
  const now = readConfigText(root)
  if (!now.ok) return now
  const config = parseWholeConfig(now.value.text, now.value.path)
  if (!config.ok) return err(problemsFailure('invalid-config', now.value.path, config.error))
  const before = findApproval(env.home, now.value.path, now.value.sha256)
  const earlier = before ? undefined : approvalBefore(env.home, now.value.path, now.value.sha256)
  const known = earlier && parseWholeConfig(earlier.text, earlier.path)
  const gatePath = safeGatePath(env.vars['PATH'] ?? '', { root, tmpDir: env.tmpDir })
  if (gatePath === '')
    return fail('gate-path', 'PATH holds no directory that gates may use', { fix: 'set PATH and repeat' })
  return ok({
    root,
    config: config.value,
    backlog: planBacklog(env.home, root, config.value),
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

function planBacklog(home: string, root: string, config: ProjectConfig): BacklogPlan | null {
  const files = readBacklogFiles(root)
  if (files.texts.length + files.problems.length === 0) return null
  const { items, problems } = lookAtBacklog(files, config)
  const standings = itemStandings(home, root, items)
  return { items: items.map((item, index) => ({ item, standing: standings[index] ?? 'new' })), problems }
}

/** Records the approval and those of the items, and has the box tried in which its gates will run. Codes: home-unwritable. */
export function applyAllow(context: Context, allowance: Allowance): Result<Approval> {
  const home = ensureHome(context.env.home)
  if (!home.ok) return home
  const saved = saveApproval(context.env.home, allowance.approval)
  if (!saved.ok) return saved
  const { root, backlog } = allowance
  const waiting = backlog === null || backlog.problems.length > 0 ? [] : backlog.items
  for (const { item, standing } of waiting) {
    const accepted =
      standing === 'accepted' ? ok(true) : acceptItem(context.env.home, root, item, context.clock())
    if (!accepted.ok) return accepted
  }
  needPreflight(context, allowance.root, allowance.config)
  return ok(allowance.approval)
}
