import { never } from '../../base/result.ts'
import type { Outcome } from '../../agents/agent.ts'
import type { AttemptFailure, BatchEvent, ParkCode, Rest } from '../../supervisor/record/events.ts'
import { type Told, iso, withoutClaim } from './tries.ts'

/** Something that happened to the batch. `interrupts`: it kept the work from going on as it was. */
export type Happening = {
  readonly seq: number
  readonly at: string
  readonly interrupts: boolean
} & What

export type What =
  | { readonly kind: 'opened'; readonly items: number; readonly base: string }
  /** A process took the batch. `after`: how it was left before. */
  | {
      readonly kind: 'began'
      readonly version: string
      readonly after: 'opened' | 'killed' | Rest['state']
    }
  /** Its process ended without a word. `at` is the last that is known of it. */
  | { readonly kind: 'killed'; readonly in_work: readonly { item: string; attempt: number }[] }
  | {
      readonly kind: 'rested'
      readonly state: Rest['state']
      readonly code: string | null
      readonly why: string | null
      readonly until: string | null
    }
  | { readonly kind: 'halted'; readonly code: string; readonly why: string | null }
  /** Nobody asks it until then; no agent: nothing is tried at all. `times`: so often one after the other, `until` is of the last. */
  | {
      readonly kind: 'suspended'
      readonly agent: string | null
      readonly why: string
      readonly until: string
      readonly times: number
      /** When it was asked again; null: not yet. */
      readonly resumed: string | null
    }
  | { readonly kind: 'config-amended'; readonly sha256: string }
  | { readonly kind: 'adopted'; readonly top: string }
  | {
      readonly kind: 'checked'
      readonly what: 'base' | 'head'
      readonly commit: string
      readonly red: readonly string[]
      readonly could_not_run: readonly string[]
      /** What kept each of these from running, by name. */
      readonly why_not: Readonly<Record<string, string>>
      readonly ms: number | null
    }
  | { readonly kind: 'done'; readonly item: string; readonly attempt: number; readonly commit: string }
  | {
      readonly kind: 'failed'
      readonly item: string
      readonly attempt: number
      readonly failure: AttemptFailure
      readonly counted: boolean
    }
  /** A turn that did not end well. */
  | {
      readonly kind: 'turn-failed'
      readonly item: string
      readonly attempt: number
      readonly agent: string
      readonly outcome: Outcome['kind']
    }
  | {
      readonly kind: 'agent-changed'
      readonly item: string
      readonly attempt: number
      readonly agent: string
    }
  | { readonly kind: 'parked'; readonly item: string; readonly code: ParkCode }
  | { readonly kind: 'dropped'; readonly items: readonly string[] }
  | {
      readonly kind: 'retried' | 'reopened' | 'accepted' | 'rejected' | 'edited'
      readonly item: string
    }
  | { readonly kind: 'proposal-settled'; readonly item: string; readonly accepted: boolean }
  | { readonly kind: 'taken'; readonly commit: string; readonly theirs: string }
  | {
      readonly kind: 'landed'
      readonly commit: string
      readonly target: string
      /** The target had moved. */
      readonly joined: boolean
      /** Null: a branch of this repository. */
      readonly remote: string | null
    }
  | {
      readonly kind: 'pull-request'
      readonly url: string
      readonly base: string
      readonly commit: string
      readonly draft: boolean
    }
  | { readonly kind: 'published'; readonly branch: string; readonly commit: string }
  | { readonly kind: 'repaired'; readonly bytes: number }

/** Where the batch is left: nobody is at it, and it never came to rest. */
export interface Now {
  readonly isDead: boolean
}

/** The batch from its opening to its last event. Pure. */
export function nightOf(
  events: readonly BatchEvent[],
  attempts: readonly Told[],
  now: Now,
): readonly Happening[] {
  const told = new Map(attempts.map((one) => [one.fence, one]))
  const night: Happening[] = []
  const put = (event: Pick<BatchEvent, 'seq' | 'at'>, what: What, interrupts = false): void => {
    night.push({ seq: event.seq, at: iso(event.at), interrupts, ...what })
  }
  /** Of attempts that are open, by fence. */
  const agents = new Map<number, string>()
  const answered = new Map<string | null, string>()
  const killed = (last: BatchEvent): void => {
    const in_work = attempts
      .filter(({ fence }) => agents.has(fence))
      .map(({ item, attempt }) => ({ item, attempt }))
    put(last, { kind: 'killed', in_work }, true)
  }
  let head = ''
  let rest: Rest['state'] | null = null
  let isHeld = false
  let before: BatchEvent | null = null
  for (const event of events) {
    if (event.type === 'started') {
      const isKilled = isHeld && before !== null
      if (isKilled) killed(before!)
      const after = isKilled ? 'killed' : (rest ?? 'opened')
      put(event, { kind: 'began', version: event.data.version, after }, after !== 'opened')
      isHeld = true
      rest = null
    } else if (event.type === 'rested') {
      isHeld = false
      rest = event.data.state
    }
    if (event.type === 'batch-opened') head = event.data.base
    if (event.type === 'integrated' || event.type === 'taken') head = event.data.commit
    if (event.type === 'attempt-opened' || event.type === 'agent-changed')
      agents.set(event.data.fence, event.data.agent)
    const what = whatOf(event, { told, agents, head })
    if (what !== null && !goesOn(night, what, answered)) put(event, what, interruptsWork(what))
    if (event.type === 'turn-ended' && event.data.outcome.kind === 'finished')
      answered.set(agents.get(event.data.fence) ?? null, iso(event.at))
    if (event.type === 'attempt-ended') agents.delete(event.data.fence)
    if (event.type === 'turn-begun') asked(night, event, agents.get(event.data.fence) ?? null)
    before = event
  }
  if (now.isDead && isHeld && before !== null) killed(before)
  return night
}

/** Whether it is the suspension of before that goes on: then that one is told so. `answered`: when each agent last gave an answer. */
function goesOn(night: Happening[], what: What, answered: ReadonlyMap<string | null, string>): boolean {
  if (what.kind !== 'suspended') return false
  const nth = night.findLastIndex((one) => one.kind === 'suspended' && one.agent === what.agent)
  const last = night[nth]
  if (last?.kind !== 'suspended' || last.why !== what.why) return false
  // Nobody was asked since, or in vain.
  const isSame = last.resumed === null || (answered.get(last.agent) ?? '') < last.resumed
  // Each job that meets a quota says so, and so does the batch: it is one until somebody asked again.
  const times = last.times + (last.resumed === null ? 0 : 1)
  if (isSame) night[nth] = { ...last, until: what.until, times, resumed: null }
  return isSame
}

function asked(night: Happening[], { at }: BatchEvent, agent: string | null): void {
  night.forEach((one, nth) => {
    if (one.kind === 'suspended' && one.resumed === null && (one.agent === null || one.agent === agent))
      night[nth] = { ...one, resumed: iso(at) }
  })
}

const INTERRUPTS: ReadonlySet<What['kind']> = new Set<What['kind']>([
  'suspended',
  'halted',
  'config-amended',
  'adopted',
  'agent-changed',
  'turn-failed',
  'taken',
  'repaired',
])

function interruptsWork(what: What): boolean {
  if (what.kind === 'rested') return what.state !== 'completed' && what.state !== 'parked'
  if (what.kind === 'checked') return what.red.length + what.could_not_run.length > 0
  if (what.kind === 'landed') return what.joined
  return INTERRUPTS.has(what.kind)
}

/** What is known by the time of an event. */
interface Known {
  readonly told: ReadonlyMap<number, Told>
  /** Who is at an attempt. */
  readonly agents: ReadonlyMap<number, string>
  readonly head: string
}

function whatOf(event: BatchEvent, known: Known): What | null {
  switch (event.type) {
    case 'batch-opened':
      return { kind: 'opened', items: event.data.items.length, base: event.data.base }
    case 'checked': {
      const { what, commit, red, couldNotRun, whyNot = {}, ms = null } = event.data
      return { kind: 'checked', what, commit, red, could_not_run: couldNotRun, why_not: whyNot, ms }
    }
    case 'config-amended':
      return { kind: 'config-amended', sha256: event.data.config.sha256 }
    case 'adopted':
      return { kind: 'adopted', top: event.data.top }
    case 'rested': {
      const { state } = event.data
      return {
        kind: 'rested',
        state,
        code: 'code' in event.data ? event.data.code : null,
        why: 'why' in event.data ? (event.data.why ?? null) : null,
        until: 'until' in event.data && event.data.until !== null ? iso(event.data.until) : null,
      }
    }
    case 'halted':
      return { kind: 'halted', code: event.data.code, why: event.data.why ?? null }
    case 'backed-off': {
      const { agent = null, message, why, until } = event.data
      return {
        kind: 'suspended',
        agent,
        why: message ?? why,
        until: iso(until),
        times: 1,
        resumed: null,
      }
    }
    case 'item-parked':
      return { kind: 'parked', item: event.data.item, code: event.data.code }
    case 'item-dropped':
      return { kind: 'dropped', items: [event.data.item, ...event.data.with] }
    case 'item-retried':
      return { kind: 'retried', item: event.data.item }
    case 'item-reopened':
      return { kind: 'reopened', item: event.data.item }
    case 'item-accepted':
      return { kind: 'accepted', item: event.data.item.id }
    case 'item-rejected':
      return { kind: 'rejected', item: event.data.item }
    case 'item-edited':
      return { kind: 'edited', item: event.data.item }
    case 'proposal-settled':
      return { kind: 'proposal-settled', item: event.data.item, accepted: event.data.accepted }
    case 'taken':
      return { kind: 'taken', commit: event.data.commit, theirs: event.data.theirs }
    case 'landed': {
      const { commit, target, head = known.head, remote } = event.data
      const [joined, to] = [commit !== head, remote?.name ?? null]
      return { kind: 'landed', commit, target: remote?.branch ?? target, joined, remote: to }
    }
    case 'pull-request': {
      const { url, base, commit, draft } = event.data
      return { kind: 'pull-request', url, base, commit, draft }
    }
    case 'published':
      return { kind: 'published', branch: event.data.branch, commit: event.data.commit }
    case 'repaired':
      return { kind: 'repaired', bytes: event.data.bytes }
    case 'attempt-ended':
      return ended(event, known)
    case 'integrated':
    case 'agent-changed':
    case 'turn-ended':
      return ofAttempt(event, known)
    // What an attempt does on its way is told by its end; a start is told with how the batch was left before.
    case 'started':
    case 'looked':
    case 'attempt-opened':
    case 'worktree-ready':
    case 'turn-begun':
    case 'conversation':
    case 'candidate':
    case 'findings':
    case 'conflict':
    case 'judged':
    case 'plan-begun':
    case 'planned':
    case 'plan-review-begun':
    case 'plan-reviewed':
    case 'plan-settled':
    case 'review-begun':
    case 'reviewed':
    case 'review-settled':
    case 'integrating':
    case 'attempt-ending':
    case 'taking':
    case 'pushing':
    case 'late':
      return null
    default:
      return never(event, 'event of a batch')
  }
}

function ofAttempt(
  event: Extract<BatchEvent, { type: 'integrated' | 'agent-changed' | 'turn-ended' }>,
  { told, agents }: Known,
): What | null {
  const one = told.get(event.data.fence)
  if (one === undefined) return null
  const { item, attempt } = one
  const agent = agents.get(event.data.fence) ?? ''
  if (event.type === 'integrated') return { kind: 'done', item, attempt, commit: event.data.commit }
  if (event.type === 'agent-changed') return { kind: 'agent-changed', item, attempt, agent }
  const { kind } = event.data.outcome
  return kind === 'finished' ? null : { kind: 'turn-failed', item, attempt, agent, outcome: kind }
}

function ended({ data }: Extract<BatchEvent, { type: 'attempt-ended' }>, { told }: Known): What | null {
  const one = told.get(data.fence)
  if (one === undefined || data.failure === null) return null
  const { item, attempt } = one
  if (data.failure.kind === 'parked') return { kind: 'parked', item, code: data.failure.code }
  return { kind: 'failed', item, attempt, failure: withoutClaim(data.failure), counted: data.counted }
}
