import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import type { Turn } from './agent.ts'

/** Directly in the scratch directory: that is a mount point in the box, which the agent cannot put a link in the place of. */
export const resultFile = ({ scratch }: Pick<Turn, 'scratch'>): string => path.join(scratch, 'result.json')
export const tempDirectory = ({ scratch }: Pick<Turn, 'scratch'>): string => path.join(scratch, 'tmp')
/** stdout and stderr together. */
export const outputLog = ({ dir, turn }: Pick<Turn, 'dir' | 'turn'>): string =>
  path.join(dir, `turn-${turn}.log`)

/** Makes what a turn needs, without the answer of the turn before it. Code: agent-place. */
export function makePlaces(turn: Turn): Result<null> {
  try {
    for (const dir of [turn.dir, turn.scratch, tempDirectory(turn)])
      fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    fs.rmSync(resultFile(turn), { recursive: true, force: true })
    return ok(null)
  } catch (error) {
    return fail('agent-place', `${turn.dir} and ${turn.scratch} cannot be written: ${systemWords(error)}`, {
      fix: 'autonomous-loop doctor',
    })
  }
}
