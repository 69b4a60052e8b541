import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { isOver } from '../batch/find-batch.ts'
import type { BatchPaths } from '../batch/paths.ts'
import { isLanded } from '../landing/landed-work.ts'
import type { BatchState } from '../record/state.ts'
import type { Removable } from './removable.ts'

/** All logs of the batches of a repository together, as of sessions. Bytes. */
export const MOST_LOGS = 2 ** 30

/** The logs of one batch: what agents and gates printed. Prompts, verdicts and the ends of failed gates are on record besides. */
export interface BatchLogs {
  readonly batch: BatchPaths
  readonly state: BatchState
  /** Relative to the directory of attempts. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
}

/** What can be done without: of a batch that is completed and landed, after so long, or the oldest of too much. Pure. */
export function planLogs(all: readonly BatchLogs[], before: number, most = MOST_LOGS): readonly Removable[] {
  let bytes = all.reduce((sum, one) => sum + sizeOf(one), 0)
  const gone = all
    .filter(({ state, files }) => files.length > 0 && isOver(state) && isDone(state))
    .toSorted((a, b) => a.state.at - b.state.at)
    .filter((one) => {
      if (one.state.at >= before && bytes <= most) return false
      bytes -= sizeOf(one)
      return true
    })
  return gone.map((one) => ({
    what: 'logs',
    dir: attemptsOf(one.batch),
    batch: one.batch,
    files: one.files.map((file) => file.path),
    bytes: sizeOf(one),
  }))
}

const sizeOf = ({ files }: BatchLogs): number => files.reduce((sum, one) => sum + one.bytes, 0)

/** There is nothing of it that was not landed. */
const isDone = (state: BatchState): boolean => state.head === state.opened.base || isLanded(state)

const attemptsOf = ({ dir }: BatchPaths): string => path.join(dir, 'attempts')

/** Looks for the logs of a batch. A link is none, and nothing behind one is looked at. */
export function logsOf(batch: BatchPaths, state: BatchState): BatchLogs {
  const top = attemptsOf(batch)
  const files: { path: string; bytes: number }[] = []
  const queue = ['']
  for (let at = queue.pop(); at !== undefined; at = queue.pop())
    for (const name of namesIn(path.join(top, at))) {
      const one = path.join(at, name)
      const stat = fs.lstatSync(path.join(top, one), { throwIfNoEntry: false })
      if (stat?.isDirectory()) queue.push(one)
      else if (stat?.isFile() && name.endsWith('.log')) files.push({ path: one, bytes: stat.blocks * 512 })
    }
  return { batch, state, files }
}
