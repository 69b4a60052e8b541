import fs from 'node:fs'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { removeSettings } from '../../claude/settings-text.ts'
import type { Machine } from '../../records/machine.ts'
import { writeHooksJson } from '../bootstrap-apply.ts'
import { installedSettings } from './installed.ts'

export interface ClaudeRemoval {
  readonly settings: string
  /** Null: the file held nothing but ours and goes. */
  readonly text: string | null
  readonly changed: boolean
}

/** What leaves Claude Code's settings. Codes: hooks-json-unreadable, hooks-json-invalid. */
export function planRemoval(machine: Machine | null): Result<ClaudeRemoval | null> {
  if (machine?.claude === undefined) return ok(null)
  const { settings } = machine.claude
  const text = readTextSafe(settings, { maxBytes: 8_000_000, follow: true })
  if (!text.ok)
    return text.error.code === 'missing'
      ? ok(null)
      : fail('hooks-json-unreadable', text.error.message, { fix: `look at ${settings}` })
  const removed = removeSettings(text.value, installedSettings(machine))
  return removed.ok ? ok({ settings, ...removed.value }) : removed
}

/** Throws on a system error. */
export function applyRemoval({ settings, text, changed }: ClaudeRemoval): void {
  if (!changed) return
  if (text === null) fs.rmSync(settings)
  else writeHooksJson(settings, text)
}
