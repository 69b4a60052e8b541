import { calledInTurn, printedByCall } from '../codex/transcript/call.ts'
import type { HookPayload } from '../codex/types.ts'
import type { RunState } from '../ledger/state.ts'

/** What can show that a request was left by this session: the spools of all sessions lie where every agent can write. */
export interface Witness {
  readonly sessionId: string
  /** Transcripts of the session and of its sub-agents. No agent in Codex's sandbox can write them. */
  readonly transcripts: readonly string[]
  /** The last message; null where the event has none. */
  readonly message: string | null
  /** Nothing more can come in this turn: what is not shown now is refused, not left for later. */
  readonly final: boolean
}

export function witnessOf(payload: HookPayload, open: RunState | undefined): Witness {
  const child = payload.event === 'SubagentStop' ? payload.agentTranscriptPath : null
  const children = open?.children.map((one) => one.transcript) ?? []
  return {
    sessionId: payload.sessionId,
    transcripts: [payload.transcriptPath, child, ...children].filter((file) => file !== null),
    message: payload.event === 'Stop' ? payload.lastAssistantMessage : null,
    final: payload.event === 'Stop',
  }
}

/**
 * Whether this session was told the id of a request, as whoever leaves one is: in the output of its own `request enable`
 * or `request wait`. A session without any transcript that can be read shows it in its last message.
 */
export function isShown({ transcripts, message }: Witness, requestId: string): boolean {
  let unread = true
  for (const file of transcripts) {
    const printed = printedByCall(file, requestId, isRequest)
    if (printed.ok && printed.value) return true
    unread &&= !printed.ok
  }
  return unread && (message?.includes(requestId) ?? false)
}

/** Whether this session asked for anything in this turn, by a command whose output may have been thrown away. */
export function hasAsked({ transcripts }: Witness): boolean {
  return transcripts.some((file) => calledInTurn(file, isRequest))
}

/** In the JSON of a call: quotes and line ends between the words may be escaped. */
const isRequest = (words: string): boolean => /\brequest(?:[\s'",\\]|\\n)+(?:enable|wait)\b/.test(words)
