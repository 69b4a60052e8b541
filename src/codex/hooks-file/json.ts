import type { Node } from 'jsonc-parser'
import { sha256 } from '../../base/hash.ts'
import { type Result, ok } from '../../base/result.ts'
import { type HooksFile, type HooksForm, jsonMembers, readHooksFile } from './file.ts'
import { type OurGroup, add, groupValue, update } from './groups.ts'
import { type InstalledHooks, cutPieces } from './removal.ts'
import { type Edit, applyEdits } from './text-insert.ts'

export type { OurGroup } from './groups.ts'
export { type InstalledHooks, removeHooks } from './removal.ts'

/** A hook of the original autonomous-loop, which would judge every stop a second time. */
export interface LegacyHook {
  readonly event: string
  readonly group: number
  readonly command: string
}

export interface Merged {
  readonly text: string
  readonly changed: boolean
  /** For machine.json: what removeHooks needs to give back the exact bytes. */
  readonly installed: InstalledHooks
  readonly legacy: readonly LegacyHook[]
}

/**
 * hooks.json with our groups in it. New groups go to the END of each event's array, because Codex's trust is bound to
 * positions; ours (found by the ownership key) are updated where they stand. Bytes of the user never change.
 * `text` null: no file. `previous`: the record of an earlier merge. Failure: `hooks-json-invalid`.
 */
export function mergeHooks(
  text: string | null,
  groups: readonly OurGroup[],
  previous: InstalledHooks | null,
  form: HooksForm = 'hooks',
): Result<Merged> {
  if (text === null) return ok(newFile(groups))
  const file = readHooksFile(text, form)
  if (!file.ok) return file
  // A record of groups that are all gone says nothing about this text.
  const installedBefore = file.value.groups.some((group) => group.ours)
  const record = installedBefore ? previous : null
  const clean = record && oursAreLast(file.value) ? cutPieces(file.value, record) : null
  if (clean?.text === null) return ok({ ...newFile(groups), changed: newFile(groups).text !== text })
  // Where the earlier text can be had back, start from it: the record then stays exact across upgrades.
  const base = clean ? readHooksFile(clean.text, form) : file
  if (!base.ok) return base
  const updated = update(base.value, groups)
  const added = add(updated.file, groups)
  const merged = applyEdits(updated.file.text, added.edits)
  return ok({
    text: merged,
    changed: merged !== text,
    installed: {
      originalSha256: clean
        ? sha256(clean.text)
        : installedBefore
          ? (record?.originalSha256 ?? null)
          : sha256(text),
      pieces: [
        ...(clean ? [] : updated.renew(record?.pieces ?? [])),
        ...added.edits.map((edit) => edit.content),
      ],
      merged:
        clean || !installedBefore ? { sha256: sha256(merged), offsets: offsetsAfter(added.edits) } : null,
      created: [...new Set([...(clean ? [] : (record?.created ?? [])), ...added.created])],
    },
    legacy: legacyHooks(base.value),
  })
}

/** Hooks of the original autonomous-loop. */
export function legacyHooks(file: HooksFile): LegacyHook[] {
  return file.groups
    .filter((group) => !group.ours)
    .flatMap((group) =>
      commands(group.node)
        .filter((command) => /autonomous[-_]loop\S*\s+hook\s+(?:stop|session-start)\b/.test(command))
        .map((command) => ({ event: group.event, group: group.index, command })),
    )
}

function newFile(groups: readonly OurGroup[]): Merged {
  const hooks = Object.fromEntries(groups.map((group) => [group.event, [groupValue(group)]]))
  const text = `${JSON.stringify({ hooks }, null, 2)}\n`
  return {
    text,
    changed: true,
    installed: {
      originalSha256: null,
      pieces: [text],
      merged: { sha256: sha256(text), offsets: [0] },
      created: ['file'],
    },
    legacy: [],
  }
}

/** Where each insertion begins in the new text. The edits are in order. */
function offsetsAfter(edits: readonly Edit[]): number[] {
  let grown = 0
  return edits.map((edit) => {
    grown += edit.content.length
    return edit.offset + grown - edit.content.length
  })
}

/** Whether nothing of the user follows a group of ours, so that putting ours at the end again moves nothing. */
function oursAreLast(file: HooksFile): boolean {
  return file.groups.every(
    ({ event, index, ours }) =>
      !ours || file.groups.every((other) => other.event !== event || other.index < index || other.ours),
  )
}

function commands(group: Node): string[] {
  const hooks = jsonMembers(group).find(({ key }) => key.value === 'hooks')?.value
  return (hooks?.children ?? []).flatMap((handler) =>
    jsonMembers(handler)
      .filter(({ key, value }) => key.value === 'command' && typeof value.value === 'string')
      .map(({ value }) => String(value.value)),
  )
}
