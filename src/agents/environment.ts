import type { Command } from '../contract/types.ts'
import { GATE_VARIABLE, gateEnvironment } from '../gates/environment.ts'
import type { TurnBase } from './agent.ts'
import { turnFacts } from './placeholders.ts'
import { tempDirectory } from './places.ts'

export interface AgentEnvironment {
  /** Ours. */
  readonly vars: Readonly<Record<string, string | undefined>>
  readonly gatePath: string
  readonly command: Command
  readonly secrets: Readonly<Record<string, string>>
  readonly mark: string
}

/**
 * The whole environment of an agent: what a gate gets, and what it is told of its turn. AUTONOMOUS_LOOP_ATTEMPT also tells our own hooks
 * that this conversation is supervised.
 */
export function agentEnvironment(
  turn: TurnBase,
  { vars, gatePath, command, secrets, mark }: AgentEnvironment,
): Record<string, string> {
  return {
    ...gateEnvironment({ vars, gatePath, runId: mark, command }),
    ...secrets,
    ...turnVariables(turn),
    TMPDIR: tempDirectory(turn),
    [GATE_VARIABLE]: mark,
  }
}

export function turnVariables(turn: TurnBase): Record<string, string> {
  const facts = Object.entries({
    ...turnFacts(turn),
    ...(turn.effort === null ? {} : { effort: turn.effort }),
  })
  return Object.fromEntries(facts.map(([name, value]) => [`AUTONOMOUS_LOOP_${name.toUpperCase()}`, value]))
}
