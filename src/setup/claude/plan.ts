import fs from 'node:fs'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { type Claude, findClaude } from '../../claude/find-claude.ts'
import { settingsFile } from '../../claude/settings-file.ts'
import { type MergedSettings, mergeSettings } from '../../claude/settings-text.ts'
import { findCodex } from '../../codex/find-codex.ts'
import type { OurGroup } from '../../codex/hooks-file/json.ts'
import { isWritable } from '../../ledger/home.ts'
import type { Context } from '../../records/context.ts'
import type { Machine } from '../../records/machine.ts'
import { type PlanOptions, beginPlan, lostRecordNote, readAssets } from '../bootstrap-plan.ts'
import { type PlannedFile, nodePtyDirectory, planHomeFiles } from '../files.ts'
import { claudeGroups, defaultStopTimeoutSeconds } from '../groups.ts'
import { installedSettings } from './installed.ts'

/** Everything that `bootstrap --claude` will do; nothing is written yet. */
export interface ClaudePlan {
  readonly home: string
  readonly claude: Claude
  readonly files: readonly PlannedFile[]
  readonly settings: string
  /** Null: there was none. */
  readonly settingsBefore: string | null
  readonly merged: MergedSettings
  readonly groups: readonly OurGroup[]
  readonly machine: Machine
  readonly notes: readonly string[]
}

/**
 * Source: the home, Claude Code's settings, `claude --version`. What bootstrap set up for Codex stays as it is. Codes: those of beginPlan,
 * findClaude and mergeSettings, home-unwritable, hooks-json-unreadable.
 */
export function planClaude(options: PlanOptions, context: Context): Result<ClaudePlan> {
  const { env } = context
  const begun = beginPlan(options, context)
  if (!begun.ok) return begun
  const { node, before } = begun.value
  const old = before.ok ? before.value : null
  const claude = findClaude(env)
  if (!claude.ok) return claude
  const settings = settingsFile(env.vars)
  const text = readSettings(settings)
  if (!text.ok) return text
  const seconds = options.stopTimeoutSeconds ?? old?.stopTimeoutSeconds ?? defaultStopTimeoutSeconds
  const groups = claudeGroups(env.home, seconds)
  const merged = mergeSettings(text.value, groups, installedSettings(old))
  if (!merged.ok) return merged
  if (!isWritable(env.home))
    return fail('home-unwritable', `${env.home} cannot be written from here`, {
      fix: 'a person runs in a terminal: autonomous-loop bootstrap --claude',
    })
  const { assets } = options
  const { home, codexHome, uid } = env
  const files = readAssets(() =>
    planHomeFiles(assets, { node, home, codexHome, version: assets.version, uid }),
  )
  if (!files.ok) return files
  const codex = findCodex(env)
  return ok({
    home,
    claude: claude.value,
    files: files.value,
    settings,
    settingsBefore: text.value,
    merged: merged.value,
    groups,
    machine: {
      hooks: [],
      hooksInstalled: null,
      files: {},
      ...old,
      v: 1,
      version: assets.version,
      installedAt: context.clock(),
      node,
      codexHome,
      codex: codex.ok ? codex.value : (old?.codex ?? null),
      stopTimeoutSeconds: seconds,
      nodePty: assets.nodePty === null ? null : nodePtyDirectory(home, assets.version),
      claude: {
        settings,
        hooks: groups.map(({ event, command }) => ({ event, command })),
        installed: merged.value.installed,
        cap: merged.value.cap,
      },
    },
    notes: [
      ...(!before.ok && before.error.code === 'machine-unreadable' ? [lostRecordNote] : []),
      ...capNotes(merged.value.capSet, settings),
      ...(codex.ok
        ? []
        : [
            `gates run in Codex's sandbox, and Codex was not found (${codex.error.message}): nothing can be armed in a repository whose config says policy.sandbox "on"`,
          ]),
    ],
  })
}

function capNotes(capSet: string | null, settings: string): string[] {
  if (capSet === '0') return []
  return [
    `${settings} sets CLAUDE_CODE_STOP_HOOK_BLOCK_CAP to ${capSet ?? 'nothing that could be changed'}: Claude Code lets a turn go after so many blocks in a row`,
  ]
}

function readSettings(file: string): Result<string | null> {
  const text = readTextSafe(file, { maxBytes: 4_000_000, follow: true })
  if (text.ok) return text
  // A link to nowhere is no file, but writing would make one where nobody looked.
  if (text.error.code === 'missing' && !fs.lstatSync(file, { throwIfNoEntry: false })) return ok(null)
  return fail('hooks-json-unreadable', text.error.message, { fix: `look at ${file}; nothing was changed` })
}
