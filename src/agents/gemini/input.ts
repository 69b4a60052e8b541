import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { Turn, TurnBase } from '../agent.ts'
import { formWords } from '../spoken-answer.ts'

/** As far out of the agent's reach as the prompt. */
export const inputFile = ({ promptFile, turn }: Pick<TurnBase, 'promptFile' | 'turn'>): string =>
  path.join(path.dirname(promptFile), `turn-${turn}.input.md`)

/** The prompt, and the form of the answer, which no flag can tell. Code: agent-place. */
export function writeInput<A>(turn: Turn<A>): Result<null> {
  try {
    const prompt = fs.readFileSync(turn.promptFile, 'utf8').trimEnd()
    const text = `${prompt}\n\n${formWords(turn.form)}\n`
    writeFileWhole(inputFile(turn), withoutReferences(text, turn.workspace))
    return ok(null)
  } catch (error) {
    return fail('agent-place', `${inputFile(turn)} cannot be written: ${systemWords(error)}`, {
      fix: 'autonomous-loop doctor',
    })
  }
}

/** As Gemini reads it: `@` and a path, up to where a sentence would end or go on. */
const REFERENCE = /(?<!\\)@((?:"[^"]*"|\\.|[^ \t\n\r,;!?()[\]{}.]|\.(?!$|[ \t\n\r]))+)/g

/**
 * `@src` in a prompt has Gemini attach the whole directory, and a decorator of Python or a name in a diff can look like that. Where
 * there is such a path a backslash keeps it a word. Pure but for the look at the workspace.
 */
export function withoutReferences(text: string, workspace: string): string {
  return text.replace(REFERENCE, (whole, word: string) => {
    const name = word.replaceAll(/\\(.)/g, '$1').replaceAll('"', '')
    return fs.existsSync(path.resolve(workspace, name)) ? `\\${whole}` : whole
  })
}
