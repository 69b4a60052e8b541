type Vars = Readonly<Record<string, string | undefined>>

const sources = ['CODEX_SESSION_ID', 'CLAUDE_CODE_SESSION_ID'] as const

export interface DetectedSession {
  readonly sessionId: string
  readonly source: (typeof sources)[number]
}

/**
 * The session of Codex or Claude Code that a command was started in, from its environment. In Codex a child agent's shell has the root's id in
 * CODEX_SESSION_ID and its own in CODEX_THREAD_ID; the run belongs to the root.
 */
export function detectSession(vars: Vars): DetectedSession | null {
  const source = sources.find((name) => vars[name])
  const sessionId = source && vars[source]
  return sessionId ? { sessionId, source } : null
}

/**
 * Names of variables that only an agent's shell (or a gate) has. A person's `!command` in the TUI has the session ids
 * and none of these (in Claude Code it has the agent's). An agent can unset them; what is refused by them alone is also written to the ledger.
 */
export function agentMarks(vars: Vars): string[] {
  return Object.keys(vars)
    .filter((name) => vars[name] !== undefined)
    .filter(
      (name) =>
        [
          'CODEX_TOOL_CALL_ID',
          'CODEX_CI',
          'CODEX_PERMISSION_PROFILE',
          'CLAUDECODE',
          'AUTOLOOP_GATE',
          supervisedVariable,
        ].includes(name) || name.startsWith('CODEX_SANDBOX'),
    )
    .sort()
}

/** Set by the supervisor for the agents of a batch; hook.sh knows it too. */
export const supervisedVariable = 'AUTONOMOUS_LOOP_ATTEMPT'

/** Whether the conversation is an attempt of a batch: the supervisor judges it, and hooks leave it alone, whatever its prompt says. */
export function isSupervised(vars: Vars): boolean {
  return (vars[supervisedVariable] ?? '') !== ''
}
