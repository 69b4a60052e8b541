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

export interface RoomState {
  /** The commit of the start. */
  readonly base: string | null
  /** Names the list of the start, which is kept beside the room; null: none is. */
  readonly start: string | null
  readonly state: RoomDifference
}

/** Throws what the file system says. */
export function writeRoomState(file: string, { base, start, state }: RoomState): void {
  writeFileWhole(file, canonicalJson({ base, start, boot: bootId(), state: [...state] }))
}

/** Null: there is none, or it is from before this start of the machine. */
export function readRoomState(file: string): RoomState | null {
  const text = readTextSafe(file, { maxBytes: 1 << 28 })
  const parsed = text.ok ? parseJson(text.value, file) : text
  if (!parsed.ok || !isObject(parsed.value)) return null
  const { state, boot, base, start } = parsed.value
  if (boot !== bootId() || !Array.isArray(state) || !isTextOrNull(base) || !isTextOrNull(start)) return null
  return { base, start, state: new Map(state as [string, string][]) }
}

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'
