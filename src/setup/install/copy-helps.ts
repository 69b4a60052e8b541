import fs from 'node:fs'
import path from 'node:path'
import type { Command, PrepareStep } from '../../contract/types.ts'
import type { RoomLack } from '../../gates/command-record.ts'
import { isDependencies, onlyInWorkspace } from '../../judging/room-lacks.ts'
import type { Context } from '../../records/context.ts'
import { type MeasureRequest, rungsOf } from './measure-request.ts'
import { type MeasuredRoom, openRoom } from './measured-room.ts'
import { type Climbed, isInterrupted } from './rungs.ts'

/** Larger ones are made by something. */
const MOST_BYTES = 64 << 10
const MOST_FILES = 20
/** Each file of those that help together is tried alone, if they are no more. */
const MOST_ALONE = 5
/** Gates that take longer are not run again and again for a guess. */
const MOST_MS = 120_000

export interface Lacking {
  readonly command: Command
  /** How it passes in the workspace. */
  readonly inPlace: Extract<Climbed, { kind: 'passed' }>
  readonly lacks: readonly RoomLack[]
  readonly room: Pick<MeasuredRoom, 'has' | 'files'>
}

/**
 * Which small ignored files a gate that passes in place would have to be given to pass in the clean room: those that its output
 * names, else any. Each guess is tried, so that nothing is proposed that does not help. Null: interrupted.
 */
export async function copyHelps(
  context: Context,
  request: Omit<MeasureRequest, 'ways'> & { readonly prepare: readonly PrepareStep[] },
  lacking: Lacking,
): Promise<readonly string[] | null> {
  const { root } = request
  const { command, inPlace } = lacking
  const isSmall = (file: string): boolean => {
    const stat = fs.lstatSync(path.join(root, file), { throwIfNoEntry: false })
    return stat?.isFile() === true && stat.size <= MOST_BYTES
  }
  if (typeof inPlace.network === 'boolean' || inPlace.result.durationMs > MOST_MS) return []
  const named = lacking.lacks.filter((one) => one.kind === 'path').map((one) => one.name)
  const all = onlyInWorkspace(root, lacking.room).filter((file) => !isDependencies(file))
  const guesses = [named.filter(isSmall), all.filter(isSmall)]
  for (const files of guesses) {
    if (files.length === 0 || files.length > MOST_FILES) continue
    const together = await passesWith(files)
    if (together === null) return null
    if (!together) continue
    if (files.length > 1 && files.length <= MOST_ALONE)
      for (const file of files) {
        const alone = await passesWith([file])
        if (alone === null) return null
        if (alone) return [file]
      }
    return files
  }
  return []

  async function passesWith(files: readonly string[]): Promise<boolean | null> {
    const room = await openRoom(context, { ...request, copy: files })
    if (room.kind === 'interrupted') return null
    if (room.kind === 'none') return false
    try {
      const rungs = rungsOf(request, room.place, 'clean-room')
      const result = await rungs.run({ ...command, network: inPlace.network }, inPlace.result.durationMs)
      return (await isInterrupted(result, request.abort)) ? null : result.outcome.kind === 'passed'
    } finally {
      room.close()
    }
  }
}
