import { never } from '../../base/result.ts'
import { shortened, withoutControls } from '../../base/text.ts'
import { isPassing } from '../../supervisor/record/review.ts'
import type { AttemptFailure, BatchEvent, BatchEventData } from '../../supervisor/record/events.ts'

/** One attempt, as the ledger of its batch tells it. Times in ms since the epoch. */
export interface Told {
  readonly item: string
  readonly attempt: number
  readonly fence: number
  readonly effort: string | null
  readonly from: number
  to: number | null
  /** Who was at it, in turn. */
  readonly agents: Part[]
  /** Who planned it, or read plan or work, start by start. */
  readonly readers: Part[]
  turns: number
  judgingMs: number
  readonly verdicts: { readonly at: number; readonly data: BatchEventData['judged'] }[]
  /** The last answer of an agent. */
  claim: Claim | null
  completeClaims: number
  /** What the program said of its last failure. */
  said: string | null
  findings: BatchEventData['findings']['findings']
  conflict: readonly string[]
  failure: AttemptFailure | null
  ended: boolean
  counted: boolean
  rescue: string | null
  /** Reviewers who passed a tree of it. */
  readonly passes: { readonly agent: string; readonly tree: string }[]
  /** When and as what it came into the head. */
  integrated: { readonly at: number; readonly commit: string } | null
  /** Turns that were ended from outside. */
  cut: number
}

/** What one agent had to do with it. */
export interface Part {
  readonly name: string
  turns: number
  tokens: number | null
  ms: number
}

export interface Claim {
  readonly at: number
  readonly agent: string
  readonly status: string
  readonly text: string
}

/** Every attempt of a batch, oldest first. Pure. */
export function attemptsTold(events: readonly BatchEvent[]): readonly Told[] {
  const all = new Map<number, Told>()
  for (const event of events) {
    if (event.type === 'attempt-opened') all.set(event.data.fence, opened(event))
    else if (isOfAttempt(event)) {
      const one = all.get(event.data.fence)
      if (one !== undefined) tell(one, event)
    }
  }
  return [...all.values()]
}

type OfAttempt = Exclude<
  Extract<BatchEvent, { data: { fence: number; item: string } }>,
  { type: 'attempt-opened' }
>

function isOfAttempt(event: BatchEvent): event is OfAttempt {
  return 'fence' in event.data && 'item' in event.data
}

function opened({ at, data }: Extract<BatchEvent, { type: 'attempt-opened' }>): Told {
  const { item, attempt, fence, agent, effort = null } = data
  return {
    item,
    attempt,
    fence,
    effort,
    from: at,
    to: null,
    agents: [{ name: agent, turns: 0, tokens: null, ms: 0 }],
    readers: [],
    turns: 0,
    judgingMs: 0,
    verdicts: [],
    claim: null,
    completeClaims: 0,
    said: null,
    findings: [],
    conflict: [],
    failure: null,
    ended: false,
    counted: false,
    rescue: null,
    passes: [],
    integrated: null,
    cut: 0,
  }
}

function tell(one: Told, event: OfAttempt): void {
  switch (event.type) {
    case 'turn-begun':
      // One that was cut short begins again with the same number.
      one.turns = Math.max(one.turns, event.data.turn)
      break
    case 'turn-ended':
      turnEnded(one, event)
      break
    case 'agent-changed':
      one.agents.push({ name: event.data.agent, turns: 0, tokens: null, ms: 0 })
      break
    case 'findings':
      one.findings = event.data.findings
      break
    case 'conflict':
      one.conflict = event.data.paths
      break
    case 'judged':
      one.verdicts.push(event)
      one.judgingMs += event.data.ms ?? 0
      one.findings = []
      one.conflict = []
      break
    case 'integrated':
      one.integrated = { at: event.at, commit: event.data.commit }
      break
    case 'attempt-ending':
      one.failure = event.data.failure
      break
    case 'attempt-ended':
      one.failure = event.data.failure
      one.counted = event.data.counted
      one.rescue = event.data.rescue
      one.ended = true
      one.to = event.at
      break
    case 'planned':
    case 'plan-reviewed':
    case 'reviewed': {
      const { agent: name, tokens = null, ms } = event.data
      one.readers.push({ name, turns: 1, tokens, ms })
      if (event.type === 'reviewed' && isPassing(event.data.outcome))
        one.passes.push({ agent: name, tree: event.data.tree })
      break
    }
    case 'plan-begun':
    case 'plan-review-begun':
    case 'plan-settled':
    case 'review-begun':
    case 'review-settled':
    case 'worktree-ready':
    case 'conversation':
    case 'candidate':
    case 'integrating':
      break
    default:
      never(event, 'event of an attempt')
  }
}

function turnEnded(one: Told, { at, data }: Extract<BatchEvent, { type: 'turn-ended' }>): void {
  const { outcome, tokens, ms = 0, said, claim } = data
  const agent = one.agents.at(-1)!
  agent.ms += ms
  if (tokens !== undefined) agent.tokens = (agent.tokens ?? 0) + tokens
  agent.turns += 1
  if (outcome.kind === 'stopped') one.cut += 1
  if (outcome.kind !== 'finished') {
    one.said = outcome.kind === 'could-not-start' ? outcome.why.message : (said ?? null)
    return
  }
  const { status, summary } = outcome.answer
  one.claim = { at, agent: agent.name, status, text: claim?.summary ?? summary }
  one.said = null
  if (status === 'complete') one.completeClaims += 1
}

/** UTF-16 units of what a program said of its failure. */
const MOST_SAID = 1000

/** An attempt for the report. */
export interface Try {
  readonly attempt: number
  readonly agents: readonly string[]
  readonly effort: string | null
  readonly from: string
  /** Null: it is open. */
  readonly to: string | null
  readonly turns: number
  readonly tokens: number | null
  readonly working_ms: number
  readonly judging_ms: number
  /** `integrated`: its work is in the head; `open`; else how it failed. */
  readonly ended: 'integrated' | 'open' | AttemptFailure['kind']
  /** Without what its agent said of it: that is claimed. */
  readonly failure: AttemptFailure | null
  readonly counted: boolean
  /** What stood in its way last, by the last verdict on it. */
  readonly red: readonly string[]
  readonly blockers: readonly string[]
  /** The engine's reasons for that verdict. */
  readonly because: readonly string[]
  readonly findings: BatchEventData['findings']['findings']
  readonly conflict: readonly string[]
  /** What its program said of a failure: claimed. */
  readonly said: string | null
  /** Where its work is kept in our repository. */
  readonly rescue: string | null
}

/** Pure. `because`: of its last verdict. */
export function tryOf(told: Told, because: readonly string[]): Try {
  const last = told.verdicts.at(-1)?.data
  const isBlocked = last !== undefined && last.verdict !== 'release'
  return {
    attempt: told.attempt,
    agents: [...new Set(told.agents.map((one) => one.name))],
    effort: told.effort,
    from: iso(told.from),
    to: told.to === null ? null : iso(told.to),
    turns: told.turns,
    tokens: tokensOf(partsOf(told)),
    working_ms: partsOf(told).reduce((sum, one) => sum + one.ms, 0),
    judging_ms: told.judgingMs,
    ended: told.integrated !== null ? 'integrated' : (told.failure?.kind ?? 'open'),
    failure: withoutClaim(told.failure),
    counted: told.counted,
    red: isBlocked ? last.red : [],
    blockers: isBlocked ? [...new Set(last.blockers)] : [],
    because: isBlocked ? because : [],
    findings: told.findings,
    conflict: told.conflict,
    said: told.said === null ? null : shortened(withoutControls(told.said), MOST_SAID),
    rescue: told.rescue,
  }
}

/** What an agent said of how it was parked stands among the claims. Pure. */
export function withoutClaim<F extends AttemptFailure | null>(failure: F): F | AttemptFailure {
  return failure?.kind === 'parked' ? { kind: 'parked', code: failure.code } : failure
}

/** Everybody who had to do with it. */
export const partsOf = ({ agents, readers }: Told): readonly Part[] => [...agents, ...readers]

/** Null where nobody said how many. */
export function tokensOf(parts: readonly { readonly tokens: number | null }[]): number | null {
  const said = parts.flatMap(({ tokens }) => (tokens === null ? [] : [tokens]))
  return said.length === 0 ? null : said.reduce((sum, one) => sum + one, 0)
}

export const iso = (ms: number): string => new Date(ms).toISOString()
