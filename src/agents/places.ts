import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { writeFileWhole } from '../base/write-file.ts'
import type { Turn, TurnBase } from './agent.ts'

/** Directly in the scratch directory: that is a mount point in the box, which the agent cannot put a link in the place of. */
export const resultFile = ({ scratch }: Pick<TurnBase, 'scratch'>): string =>
  path.join(scratch, 'result.json')
export const tempDirectory = ({ scratch }: Pick<TurnBase, 'scratch'>): string => path.join(scratch, 'tmp')
/** The form of the answer, for programs that are handed one; as far out of the agent's reach as the prompt. */
export const schemaFile = ({ promptFile, turn }: Pick<TurnBase, 'promptFile' | 'turn'>): string =>
  path.join(path.dirname(promptFile), `turn-${turn}.schema.json`)
/** What the agent writes above all. */
export const writtenRoot = ({ role, workspace, scratch }: TurnBase): string =>
  role === 'work' ? workspace : scratch
/** stdout and stderr together. */
export const outputLog = ({ dir, turn }: Pick<TurnBase, 'dir' | 'turn'>): string =>
  path.join(dir, `turn-${turn}.log`)

/** Makes what a turn needs, without the answer of the turn before it. Code: agent-place. */
export function makePlaces<A>(turn: Turn<A>): Result<null> {
  try {
    for (const dir of [turn.dir, turn.scratch, tempDirectory(turn)])
      fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    fs.rmSync(resultFile(turn), { recursive: true, force: true })
    writeFileWhole(schemaFile(turn), `${JSON.stringify(turn.form.jsonSchema())}\n`)
    return ok(null)
  } catch (error) {
    return fail('agent-place', `${turn.dir} and ${turn.scratch} cannot be written: ${systemWords(error)}`, {
      fix: 'autonomous-loop doctor',
    })
  }
}
