import { StringDecoder } from 'node:string_decoder'
import type { AgentEvent, TurnBase } from '../agent.ts'
import { ChatFile, chatOf } from './chat-file.ts'
import { streamEvent } from './stream.ts'

const ACTIVITY_MS = 1000

/** What is seen of one run of Gemini, in its stream and in the file of the conversation. */
export class GeminiTurn {
  hasBegun = false
  result: 'success' | 'failed' | null = null
  /** What the model said last, after its last call of a tool. */
  message = ''
  hasErred = false
  /** The last words of an error. */
  error = ''
  private readonly turn: TurnBase
  private readonly id: string
  private readonly tell: (event: AgentEvent) => void
  private readonly decoder = new StringDecoder('utf8')
  private readonly calls = new Set<string>()
  private chat: ChatFile | null = null
  /** Of the conversation, before this turn. */
  private readonly before: number
  /** Of it, what is not on record: whoever was to record it may have been killed. */
  private readonly missed: number
  private rest = ''
  private saidAt = -Infinity
  private told = -1

  /** `isKnown`: the conversation goes on. */
  constructor(turn: TurnBase, id: string, isKnown: boolean, tell: (event: AgentEvent) => void) {
    this.turn = turn
    this.id = id
    this.tell = tell
    this.before = isKnown ? this.written() : 0
    this.missed = isKnown ? Math.max(0, this.before - turn.spent) : 0
  }

  push(bytes: Buffer): void {
    const now = performance.now()
    if (now - this.saidAt >= ACTIVITY_MS) {
      this.saidAt = now
      this.tell({ kind: 'activity' })
    }
    const lines = (this.rest + this.decoder.write(bytes)).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.line(line)
  }

  /** A tool runs, which says nothing meanwhile. */
  isBusy(): boolean {
    return this.calls.size > 0
  }

  /** The lines that were not whole when it ended, and what a turn used that was cut short. */
  end(): void {
    if (this.rest !== '') this.line(this.rest)
    if (this.result === null && this.hasBegun) this.use(this.written() - this.before)
  }

  private line(line: string): void {
    const event = streamEvent(line)
    switch (event?.kind) {
      case 'init':
        this.hasBegun = true
        this.tell({ kind: 'conversation', id: event.id })
        break
      case 'text':
        this.message += event.text
        break
      case 'began':
        this.calls.add(event.call)
        this.tellMessage()
        this.use(this.written() - this.before)
        break
      case 'ended':
        this.calls.delete(event.call)
        this.message = ''
        break
      case 'error':
        this.hasErred = true
        this.error = event.text
        break
      case 'result':
        this.tellMessage()
        this.result = event.hasFailed ? 'failed' : 'success'
        this.error = event.text === '' ? this.error : event.text
        if (event.hasFailed && this.error !== '') this.tell({ kind: 'failure', text: this.error })
        this.use(event.tokens)
        break
      case 'other':
      case undefined:
        break
    }
  }

  private tellMessage(): void {
    if (this.message.trim() !== '') this.tell({ kind: 'message', text: this.message })
  }

  /** Of this run alone. */
  private use(tokens: number): void {
    const all = this.missed + Math.max(0, tokens)
    if (all === this.told) return
    this.told = all
    this.tell({ kind: 'usage', tokens: all })
  }

  private written(): number {
    const file = this.chat === null ? chatOf(this.turn, this.id) : null
    if (file !== null) this.chat = new ChatFile(file)
    return this.chat?.tokens() ?? 0
  }
}
