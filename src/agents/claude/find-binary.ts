import type { Result } from '../../base/result.ts'
import { type ProgramPlaces, findProgram } from '../find-program.ts'

/** The Claude Code of an agent, see `findProgram`. Its own installer puts it in `~/.local/bin`. Code: agent-unusable. */
export function findClaudeBinary(places: Pick<ProgramPlaces, 'bin' | 'vars' | 'gatePath'>): Result<string> {
  return findProgram({
    ...places,
    name: 'claude',
    variable: 'CLAUDE_BIN',
    install: 'npm install -g @anthropic-ai/claude-code',
  })
}
