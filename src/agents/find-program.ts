import os from 'node:os'
import path from 'node:path'
import { isExecutable } from '../base/file-kind.ts'
import { type Result, fail, ok } from '../base/result.ts'

export interface ProgramPlaces {
  /** The name of its file, such as `gemini`. */
  readonly name: string
  /** As the config of the agent has it. */
  readonly bin: string | undefined
  /** The variable that names it, such as `GEMINI_BIN`. */
  readonly variable: string
  readonly vars: Readonly<Record<string, string | undefined>>
  /** PATH recorded at approval. */
  readonly gatePath: string
  /** The command that installs it. */
  readonly install: string
}

/** Where installers put programs of a person, beside what is on PATH. */
const KNOWN = ['.local/bin', '.npm-global/bin', '.bun/bin', '.volta/bin']

/**
 * The program of an agent: what the config names, else what the variable names, else on the approved PATH, else in a place where it
 * is known to be put. Code: `agent-unusable`.
 */
export function findProgram({ name, bin, variable, vars, gatePath, install }: ProgramPlaces): Result<string> {
  const named = bin ?? vars[variable] ?? ''
  if (named !== '')
    return path.isAbsolute(named) && isExecutable(named)
      ? ok(named)
      : fail('agent-unusable', `${named} is not the absolute path of a program`, {
          fix:
            bin === undefined
              ? `set ${variable} to the path that \`command -v ${name}\` prints, or unset it`
              : 'correct "bin" of the agent, then: autonomous-loop allow',
        })
  const home = vars['HOME'] ?? os.homedir()
  const dirs = [...gatePath.split(path.delimiter), ...KNOWN.map((dir) => path.join(home, dir))]
  const found = dirs
    .filter((dir) => path.isAbsolute(dir))
    .map((dir) => path.join(dir, name))
    .find(isExecutable)
  return found === undefined
    ? fail('agent-unusable', `${name} is not on the approved PATH, nor where it is usually put`, {
        fix: `${install}, then: autonomous-loop allow`,
      })
    : ok(found)
}
