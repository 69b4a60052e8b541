import { StringDecoder } from 'node:string_decoder'
import type { AgentEvent } from '../agent.ts'
import { NOTHING_SEEN, type SessionFacts, SessionRollouts } from './session-rollouts.ts'
import { streamEvent } from './stream.ts'

/** How often rollouts are looked at while the stream is silent: sub-agents say nothing there. */
const LOOK_MS = 5000
const ACTIVITY_MS = 1000

/** What is seen of one run of Codex, in its stream and in its rollouts. */
export class CodexTurn {
  hasBegun = false
  turn: 'completed' | 'failed' | null = null
  errors = 0
  /** The last one. */
  message = ''
  private readonly codexHome: string
  /** Tokens that are not this turn's. */
  private readonly spent: number
  private readonly tell: (event: AgentEvent) => void
  private readonly decoder = new StringDecoder('utf8')
  private readonly running = new Set<string>()
  private readonly timer: NodeJS.Timeout
  private rollouts: SessionRollouts | null = null
  private id: string | null
  private rest = ''
  private tokens = -1
  private windows = ''
  private saidAt = -Infinity
  /** Tokens of sub-agents, at the last look after silence. */
  private others = 0

  /** `id`: of the conversation that it goes on with. */
  constructor(codexHome: string, id: string | null, spent: number, tell: (event: AgentEvent) => void) {
    this.codexHome = codexHome
    this.id = id
    this.spent = spent
    this.tell = tell
    this.timer = setInterval(() => this.look(), LOOK_MS)
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

  /** A command or a tool runs, of the root or a sub-agent; or a sub-agent has had answers since this was last asked. */
  isBusy(): boolean {
    const { others, hasCalls } = this.look()
    const grew = others > this.others
    this.others = others
    return this.running.size > 0 || hasCalls || grew
  }

  end(): SessionFacts {
    clearInterval(this.timer)
    if (this.rest !== '') this.line(this.rest)
    return this.look()
  }

  private line(line: string): void {
    const event = streamEvent(line)
    switch (event?.kind) {
      case 'thread':
        this.begin(event.id)
        break
      case 'message':
        this.message = event.text
        this.tell({ kind: 'message', text: event.text })
        break
      case 'began':
        this.running.add(event.item)
        break
      case 'ended':
        this.running.delete(event.item)
        break
      case 'failed':
        this.tell({ kind: 'failure', text: event.text })
        this.turn = event.kind
        break
      case 'completed':
        this.turn = event.kind
        break
      case 'error':
        this.errors += 1
        break
      case 'other':
      case undefined:
        break
    }
  }

  private begin(id: string): void {
    this.hasBegun = true
    this.tell({ kind: 'conversation', id })
    this.id = id
  }

  private look(): SessionFacts {
    if (this.id === null) return NOTHING_SEEN
    this.rollouts ??= new SessionRollouts(this.codexHome, this.id)
    const facts = this.rollouts.now()
    if (facts.tokens !== this.tokens) {
      this.tokens = facts.tokens
      this.tell({ kind: 'usage', tokens: Math.max(0, facts.tokens - this.spent) })
    }
    const windows = JSON.stringify(facts.windows)
    if (facts.windows.length > 0 && windows !== this.windows) {
      this.windows = windows
      this.tell({ kind: 'windows', windows: facts.windows })
    }
    return facts
  }
}
