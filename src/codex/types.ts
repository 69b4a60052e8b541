/** Whose session a hook answers: the program that started it says so by the word behind the event. */
export type Host = 'codex' | 'claude'

/** What Codex or Claude Code hands to a hook on stdin, parsed; unknown members are dropped. */
interface PayloadBase {
  /** Absent: Codex. */
  readonly host?: 'claude'
  readonly sessionId: string
  readonly cwd: string
  /** Null in a session of Claude Code, whose agent can write its transcript: nothing is read from it. */
  readonly transcriptPath: string | null
  readonly model: string | null
  /** Present in events of a sub-agent. */
  readonly agentId: string | null
}
export type HookPayload =
  | (PayloadBase & {
      readonly event: 'Stop'
      readonly turnId: string | null
      readonly stopHookActive: boolean
      readonly lastAssistantMessage: string | null
      /** `background_tasks`, of Claude Code alone. */
      readonly background?: unknown
    })
  | (PayloadBase & { readonly event: 'SessionStart'; readonly source: string })
  | (PayloadBase & {
      readonly event: 'UserPromptSubmit'
      readonly turnId: string | null
      readonly prompt: string
    })
  | (PayloadBase & {
      readonly event: 'PostToolUse'
      readonly turnId: string | null
      readonly toolName: string
      readonly toolInput: unknown
    })
  /** A sub-agent began; `transcriptPath` is its own. */
  | (PayloadBase & { readonly event: 'SubagentStart'; readonly agentType: string | null })
  /** A sub-agent wants to end; `transcriptPath` is the root's. */
  | (PayloadBase & {
      readonly event: 'SubagentStop'
      readonly agentType: string | null
      readonly agentTranscriptPath: string | null
    })

export type HookEvent = HookPayload['event']

/** What a hook says to Codex or Claude Code (the same words), before it becomes JSON. `nothing` prints nothing. */
export type HookAnswer =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'block'; readonly reason: string; readonly systemMessage?: string }
  | { readonly kind: 'end'; readonly stopReason: string; readonly systemMessage?: string }
  | {
      readonly kind: 'context'
      readonly event: 'SessionStart' | 'UserPromptSubmit'
      readonly text: string
      readonly systemMessage?: string
    }
