import { parseTree } from 'jsonc-parser'
import { type Result, ok } from '../base/result.ts'
import { type InstalledHooks, type OurGroup, mergeHooks, removeHooks } from '../codex/hooks-file/json.ts'
import { type RaisedCap, capIn, dropCap, liftCap } from './block-cap.ts'

/** What bootstrap remembers of settings.json, for a byte-exact removal. */
export interface InstalledSettings {
  readonly installed: InstalledHooks
  /** Null where the cap is the person's own, or could not be set. */
  readonly cap: RaisedCap | null
}

export interface MergedSettings extends InstalledSettings {
  readonly text: string
  readonly changed: boolean
  /** The cap on blocks that these settings set. */
  readonly capSet: string | null
}

/**
 * settings.json with our hooks and without a cap on blocks; every byte of the person's stays. `text` null: no file. Code:
 * hooks-json-invalid (also for comments: Claude Code ignores such a file as a whole).
 */
export function mergeSettings(
  text: string | null,
  groups: readonly OurGroup[],
  before: InstalledSettings | null,
): Result<MergedSettings> {
  // As it was when the record was made, so that everything comes to stand where it did.
  const uncapped = text !== null && before?.cap ? dropCap(text, before.cap) : text
  const hooked = mergeHooks(uncapped, groups, before?.installed ?? null, 'settings')
  if (!hooked.ok) return hooked
  const lifted = liftCap(hooked.value.text)
  const merged = lifted?.text ?? hooked.value.text
  return ok({
    text: merged,
    changed: merged !== text,
    installed: hooked.value.installed,
    cap: lifted?.raised ?? null,
    capSet: capIn(merged),
  })
}

/** settings.json without what is ours; null: nothing else is in it and we made it. Code: hooks-json-invalid. */
export function removeSettings(
  text: string,
  before: InstalledSettings | null,
): Result<{ readonly text: string | null; readonly changed: boolean }> {
  const uncapped = before?.cap ? dropCap(text, before.cap) : text
  const removed = removeHooks(uncapped, before?.installed ?? null, 'settings')
  if (!removed.ok) return removed
  const left = removed.value.text
  const isEmpty = left === null || (parseTree(left)?.children?.length ?? 0) === 0
  const made = before?.installed.created.includes('file') === true
  return ok({ text: isEmpty && made ? null : left, changed: left !== text })
}
