import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../base/names-in.ts'
import { type BatchPaths, attemptPaths } from '../supervisor/batch/paths.ts'
import type { BatchState } from '../supervisor/record/state.ts'

/** When the agents that are at work last said something, by the fence of their attempt, ms since the epoch: what they say goes into files as it comes. */
export function lastSigns(batch: BatchPaths, { attempts }: BatchState): ReadonlyMap<number, number> {
  return new Map(
    [...attempts.values()].flatMap(({ fence, item, attempt, turn, stage }): [number, number][] => {
      if (stage.at !== 'working') return []
      const { dir } = attemptPaths(batch, item, attempt).turn(turn)
      const times = namesIn(dir).map((name) => timeOf(path.join(dir, name)))
      return [[fence, Math.max(stage.since, ...times)]]
    }),
  )
}

function timeOf(file: string): number {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
