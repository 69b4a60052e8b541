import type { Command } from '../../contract/types.ts'
import type { TurnBase } from '../agent.ts'
import { agentEnvironment } from '../environment.ts'

type Vars = Readonly<Record<string, string | undefined>>

/** Who pays. Commands of its model see them, which have the network as well; its log does not. */
const CREDENTIALS = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'] as const

/**
 * What says where the service and the person's settings are. A model, a mode or an identity that a session left in the environment is
 * not handed on: what the agent is, the approved config says.
 */
const PLACES = [
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_CUSTOM_HEADERS',
  'CLAUDE_CONFIG_DIR',
  'CLAUDE_CODE_MAX_RETRIES',
]

/** Nothing but the service is spoken to, and the program stays the one that it is. */
const QUIET = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
}

/** A prompt quotes what others wrote: `@/path` in it would attach that file, whatever the tools may read. */
const PLAIN = { CLAUDE_CODE_DISABLE_FILE_MENTIONS: '1' }

/** The values that pay, as the person has them. */
export function credentialsIn(vars: Vars): Readonly<Record<string, string>> {
  return picked(vars, CREDENTIALS)
}

/** What a batch hands on of the person's variables that are Claude Code's. */
export function claudeVariables(vars: Vars): Readonly<Record<string, string>> {
  return { ...picked(vars, PLACES), ...QUIET, ...PLAIN }
}

/** The whole environment of a turn: what a command gets that is an agent, and what is Claude Code's. */
export function claudeEnvironment(
  turn: TurnBase,
  { vars, gatePath, mark }: { readonly vars: Vars; readonly gatePath: string; readonly mark: string },
): Record<string, string> {
  const command: Command = {
    name: 'agent',
    argv: [],
    cwd: '.',
    timeoutSeconds: 0,
    env: claudeVariables(vars),
    tty: false,
    parallel: false,
    network: 'full',
    writable: [],
    pins: [],
    evidence: false,
  }
  return agentEnvironment(turn, { vars, gatePath, command, secrets: credentialsIn(vars), mark })
}

function picked(vars: Vars, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = vars[name] ?? ''
      return value === '' ? [] : [[name, value]]
    }),
  )
}
