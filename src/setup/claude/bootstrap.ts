import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { ensureHome } from '../../ledger/home.ts'
import type { Context } from '../../records/context.ts'
import { writeMachine } from '../../records/machine.ts'
import { writeHooksJson, writePlanned } from '../bootstrap-apply.ts'
import type { ClaudePlan } from './plan.ts'
import { tryHooks } from './try-hooks.ts'

/** What `bootstrap --claude` did, with the field names scripts read. */
export interface ClaudeAnswer {
  readonly ok: boolean
  readonly dry_run: boolean
  readonly home: string
  readonly version: string
  readonly claude: { readonly path: string; readonly version: string }
  readonly settings: { readonly path: string; readonly action: 'create' | 'update' | 'same' }
  readonly hooks: readonly { readonly event: string; readonly command: string; readonly timeout: number }[]
  /** The cap on blocks in a row that the settings set: `0` is none. */
  readonly block_cap: string | null
  /** By a short session of Claude Code that our hook answered; null when none was started. */
  readonly enforced: 'runs' | 'does-not-run' | null
  readonly warnings: readonly string[]
  readonly next: readonly string[]
}

/** Carries the plan out and tries it. Codes: those of applyClaude. */
export function bootstrapClaude(plan: ClaudePlan, context: Context, dryRun: boolean): Result<ClaudeAnswer> {
  if (dryRun) return ok(answerOf(plan, null, true))
  const applied = applyClaude(plan)
  if (!applied.ok) return applied
  const fault = tryHooks(plan.claude, context.env)
  return ok(answerOf(plan, { fault }, false))
}

/** First what the hooks need, then the record, last the settings. Codes: home-unwritable, setup-write, hooks-json-changed. */
function applyClaude(plan: ClaudePlan): Result<void> {
  const home = ensureHome(plan.home)
  if (!home.ok) return home
  const now = readTextSafe(plan.settings, { maxBytes: 8_000_000, follow: true })
  if ((now.ok ? now.value : null) !== plan.settingsBefore)
    return fail('hooks-json-changed', `${plan.settings} was changed by somebody else just now`, {
      fix: 'autonomous-loop bootstrap --claude',
    })
  let at = plan.home
  try {
    for (const file of plan.files) {
      at = file.path
      writePlanned(file)
    }
    at = path.join(plan.home, 'machine.json')
    writeMachine(plan.home, plan.machine)
    at = plan.settings
    fs.mkdirSync(path.dirname(plan.settings), { recursive: true, mode: 0o700 })
    if (plan.merged.changed) writeHooksJson(plan.settings, plan.merged.text)
    return ok(undefined)
  } catch (error) {
    return fail('setup-write', `${at} could not be written: ${systemWords(error)}`, {
      fix: 'make room or permission, then: autonomous-loop bootstrap --claude',
    })
  }
}

function answerOf(
  plan: ClaudePlan,
  tried: { readonly fault: string | null } | null,
  dryRun: boolean,
): ClaudeAnswer {
  const fault = tried?.fault ?? null
  return {
    ok: fault === null,
    dry_run: dryRun,
    home: plan.home,
    version: plan.machine.version,
    claude: { path: plan.claude.path, version: plan.claude.version },
    settings: {
      path: plan.settings,
      action: !plan.merged.changed ? 'same' : plan.settingsBefore === null ? 'create' : 'update',
    },
    hooks: plan.groups.map(({ event, command, timeout }) => ({ event, command, timeout })),
    block_cap: plan.merged.capSet,
    enforced: tried === null ? null : fault === null ? 'runs' : 'does-not-run',
    warnings: [...plan.notes, ...(fault === null ? [] : [`Claude Code does not run our hooks: ${fault}`])],
    next: dryRun
      ? ['autonomous-loop bootstrap --claude']
      : fault === null
        ? ['autonomous-loop install-repo --repo <path>']
        : ['autonomous-loop doctor'],
  }
}
