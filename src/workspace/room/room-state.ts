import { bootId } from '../../base/boot-id.ts'
import { canonicalJson } from '../../base/hash.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { RoomDifference } from './fill.ts'

/*
 * What a room holds beside its start, on record only while the room is whole. Its files are not written through to the disk, which
 * would take as long again, so the record of a machine that was started since says nothing.
 */

/** `base`: the commit of the start. Throws what the file system says. */
export function writeRoomState(file: string, base: string | null, state: RoomDifference): void {
  writeFileWhole(file, canonicalJson({ base, boot: bootId(), state: [...state] }))
}

/** Null: there is none, of another start or from before this one of the machine. */
export function readRoomState(file: string, base: string | null): RoomDifference | null {
  const text = readTextSafe(file, { maxBytes: 1 << 28 })
  const parsed = text.ok ? parseJson(text.value, file) : text
  if (!parsed.ok || !isObject(parsed.value)) return null
  const { state, boot, base: was } = parsed.value
  return was === base && boot === bootId() && Array.isArray(state)
    ? new Map(state as [string, string][])
    : null
}
