import type { TurnBase } from './agent.ts'
import { resultFile, schemaFile } from './places.ts'

/** What an argv, and the environment, say of a turn. */
export function turnFacts(turn: TurnBase): Readonly<Record<TurnFact, string>> {
  return {
    role: turn.role,
    item: turn.item,
    attempt: String(turn.attempt),
    turn: String(turn.turn),
    workspace: turn.workspace,
    prompt_file: turn.promptFile,
    result_file: resultFile(turn),
    schema_file: schemaFile(turn),
  }
}

type TurnFact =
  | 'role'
  | 'item'
  | 'attempt'
  | 'turn'
  | 'workspace'
  | 'prompt_file'
  | 'result_file'
  | 'schema_file'

/**
 * `{workspace}` and the like, each within its own element: no value becomes two arguments or is read as a placeholder again.
 * Other braces stay as they are.
 */
export function filledArgv(argv: readonly string[], turn: TurnBase): string[] {
  const facts = new Map(Object.entries(turnFacts(turn)))
  return argv.map((word) => word.replaceAll(/\{(\w+)\}/g, (whole, name: string) => facts.get(name) ?? whole))
}
