import { StringDecoder } from 'node:string_decoder'
import type { JsonObject } from '../../base/json.ts'
import type { AgentEvent } from '../agent.ts'
import { ConversationTokens } from './conversations.ts'
import type { ClaudeEnd } from './outcome.ts'
import { streamEvent } from './stream.ts'

const ACTIVITY_MS = 1000

/** What is seen of one run of Claude Code, in its stream and in what it writes down. */
export class ClaudeTurn {
  hasBegun = false
  /** Tokens that are not this turn's. */
  private readonly spent: number
  private readonly tell: (event: AgentEvent) => void
  private readonly keep: (line: string) => void
  private readonly decoder = new StringDecoder('utf8')
  private readonly running = new Set<string>()
  private readonly tokens: ConversationTokens
  private result: JsonObject | null = null
  private error: string | null = null
  private resetsAt: number | null = null
  private rest = ''
  private told = -1
  private saidAt = -Infinity

  /** `id`: of its conversation, new or not. `keep`: lines for the log. */
  constructor(
    { configDir, id, spent }: { readonly configDir: string; readonly id: string; readonly spent: number },
    tell: (event: AgentEvent) => void,
    keep: (line: string) => void,
  ) {
    this.tokens = new ConversationTokens(configDir, id)
    this.spent = spent
    this.tell = tell
    this.keep = keep
  }

  push(bytes: Buffer): void {
    const now = performance.now()
    if (now - this.saidAt >= ACTIVITY_MS) {
      this.saidAt = now
      this.tell({ kind: 'activity' })
      this.look()
    }
    const lines = (this.rest + this.decoder.write(bytes)).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.line(line)
  }

  /** A tool runs, of the root or of a sub-agent. */
  isBusy(): boolean {
    this.look()
    return this.running.size > 0
  }

  end(): void {
    if (this.rest !== '') this.line(this.rest)
    this.look()
  }

  facts(): Pick<ClaudeEnd, 'result' | 'error' | 'resetsAt'> {
    const { result, error, resetsAt } = this
    return { result, error, resetsAt }
  }

  private line(line: string): void {
    const event = streamEvent(line)
    if (event?.kind !== 'piece') this.keep(line)
    switch (event?.kind) {
      case 'begun':
        if (!this.hasBegun) this.tell({ kind: 'conversation', id: event.id })
        this.hasBegun = true
        break
      case 'said':
        for (const id of event.calls) this.running.add(id)
        this.error = event.error
        if (event.text !== '' && event.error === null) this.tell({ kind: 'message', text: event.text })
        break
      case 'answered':
        for (const id of event.calls) this.running.delete(id)
        break
      case 'limits':
        this.resetsAt = event.resetsAt ?? this.resetsAt
        if (event.windows.length > 0) this.tell({ kind: 'windows', windows: event.windows })
        break
      case 'result':
        this.result = event.result
        this.running.clear()
        if (event.result['is_error'] === true) this.tell({ kind: 'failure', text: wordsOf(event.result) })
        break
      case 'piece':
      case 'other':
      case undefined:
        break
    }
  }

  private look(): void {
    const tokens = this.tokens.now()
    if (tokens === 0 || tokens === this.told) return
    this.told = tokens
    this.tell({ kind: 'usage', tokens: Math.max(0, tokens - this.spent) })
  }
}

function wordsOf({ result, errors, subtype }: JsonObject): string {
  if (typeof result === 'string' && result !== '') return result
  return Array.isArray(errors) && errors.length > 0 ? errors.join('; ') : String(subtype)
}
