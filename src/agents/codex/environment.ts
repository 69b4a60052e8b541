import { GATE_VARIABLE } from '../../gates/environment.ts'
import type { TurnBase } from '../agent.ts'
import { turnVariables } from '../environment.ts'
import { tempDirectory } from '../places.ts'

export interface CodexSurroundings {
  readonly vars: Readonly<Record<string, string | undefined>>
  readonly gatePath: string
  readonly mark: string
}

/** What says of a session in which the supervisor was started that it is this one, or leads git elsewhere. */
const NOT_HANDED_ON = /^(?:CODEX_(?!API_KEY$)|AUTONOMOUS_LOOP_|AUTOLOOP_|GIT_)/

/**
 * As the person has it, since Codex's own settings name variables (keys of providers, what servers of tools need), and what tells of the
 * turn. AUTONOMOUS_LOOP_ATTEMPT also tells our own hooks that this conversation is supervised.
 */
export function codexEnvironment(
  turn: TurnBase,
  { vars, gatePath, mark }: CodexSurroundings,
): Record<string, string> {
  const kept = Object.entries(vars).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !NOT_HANDED_ON.test(entry[0]),
  )
  return {
    ...Object.fromEntries(kept),
    ...turnVariables(turn),
    PATH: gatePath,
    TMPDIR: tempDirectory(turn),
    [GATE_VARIABLE]: mark,
  }
}
