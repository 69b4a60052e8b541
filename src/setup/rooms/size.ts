import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { homePaths } from '../../ledger/paths.ts'
import { allLayers } from './plan.ts'

/** How much the clean rooms of a home hold. Bytes on the disk. */
export interface RoomSizes {
  readonly rooms: number
  readonly room_bytes: number
  readonly layers: number
  readonly layer_bytes: number
}

export function roomSizes(home: string): RoomSizes {
  const { rooms } = homePaths(home)
  const all = namesIn(rooms)
  const layers = allLayers(home)
  return {
    rooms: all.length,
    room_bytes: all.reduce((sum, name) => sum + bytesBelow(path.join(rooms, name)), 0),
    layers: layers.length,
    layer_bytes: layers.reduce((sum, { layer }) => sum + layer.bytes, 0),
  }
}

/** Of a directory: a file with several names is the person's repository's too, so it costs nothing. */
export function bytesBelow(dir: string): number {
  let bytes = 0
  const queue = [Buffer.from(dir)]
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const stat = fs.lstatSync(at, { throwIfNoEntry: false })
    if (stat === undefined) continue
    if (stat.isDirectory()) {
      for (const name of namesOf(at)) queue.push(Buffer.concat([at, Buffer.from('/'), name]))
    } else if (stat.nlink > 1) continue
    bytes += stat.blocks * 512
  }
  return bytes
}

/** It may go meanwhile. */
function namesOf(dir: Buffer): Buffer[] {
  try {
    return fs.readdirSync(dir, { encoding: 'buffer' })
  } catch {
    return []
  }
}
