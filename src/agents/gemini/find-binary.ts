import type { Result } from '../../base/result.ts'
import { type ProgramPlaces, findProgram } from '../find-program.ts'

/** The program of Gemini CLI, a script of Node. Code: agent-unusable. */
export function findGemini(places: Pick<ProgramPlaces, 'bin' | 'vars' | 'gatePath'>): Result<string> {
  return findProgram({
    ...places,
    name: 'gemini',
    variable: 'GEMINI_BIN',
    install: 'npm install -g @google/gemini-cli',
  })
}
