import { setTimeout } from 'node:timers/promises'
import { type Failure, type Result, never, ok } from '../base/result.ts'
import type { NewBatchEvent, Rest } from './record/events.ts'
import { afterFailure } from './effects/after-failure.ts'
import { checkCommit } from './judge/check-commit.ts'
import { captureCandidate } from './effects/candidate.ts'
import { integrate } from './effects/integrate.ts'
import { judgeCandidate } from './effects/judge.ts'
import { lookAtItem } from './effects/look.ts'
import { planItem, reviewPlan } from './effects/planning.ts'
import { reviewCandidate } from './effects/review.ts'
import { takeTurn } from './effects/turn.ts'
import { finish, windUp } from './effects/wind-up.ts'
import { prepareWorktree } from './effects/worktree.ts'
import { escalated } from './decide/escalated.ts'
import { agentNow, unrecorded } from './decide/agents.ts'
import type { Mode, Plan } from './decide/holds.ts'
import type { Action } from './decide/action.ts'
import { type InFlight, next, usesLane } from './decide/next.ts'
import type { AttemptState, BatchState } from './record/state.ts'
import type { World } from './world.ts'

/** Clocks are set, and machines sleep: a longer wait looks at the clock again meanwhile. */
const LONGEST_WAIT_MS = 60_000

/** What tells the loop that something happened besides its own effects. */
export interface Surroundings {
  readonly mode: () => Mode
  /** The plan as it is by now; looks at files, so that it is asked once for each round. */
  readonly plan: () => Plan
  /** Resolves at the next request, signal or change of a file; the loop then asks again. */
  readonly happened: () => Promise<void>
  /** Done before the batch rests, so that one that rests is whole. */
  readonly resting: () => Promise<void>
  /** Ends what runs, as the first signal does. */
  readonly end: () => void
}

/**
 * Carries out what `next` says until the batch rests. Nothing is polled: it wakes when an effect ends, when something happens, or
 * at the time that `next` names.
 *
 *   ledger ─► next ─► effects (each ends in events) ─► ledger ─► …
 */
export async function loop(world: World, around: Surroundings): Promise<Rest> {
  const { ledger, context } = world
  const running = new Map<Action, Promise<void>>()
  const crashes: unknown[] = []
  try {
    return await untilRest()
  } catch (error) {
    // What can no longer be recorded is not gone on with.
    around.end()
    await Promise.all(running.values())
    throw error
  }

  async function untilRest(): Promise<Rest> {
    let whole: string | null = null
    for (;;) {
      if (crashes.length > 0) throw crashes[0]
      const inFlight = inFlightOf([...running.keys()])
      const mode = around.mode()
      const plan = around.plan()
      const now = context.clock()
      const seen = [...editedSince(ledger.state(), plan), ...suspendedSince(ledger.state(), plan, now)]
      if (seen.length > 0) ledger.append(...seen)
      const { actions, wakeAt } = next(ledger.state(), plan, inFlight, mode, now)
      const [first] = actions
      if (first?.kind === 'rest' && whole === ledger.state().head) {
        ledger.append({ type: 'rested', data: first.rest })
        return first.rest
      }
      if (first?.kind === 'rest') {
        // Something may be asked for meanwhile.
        whole = ledger.state().head
        await around.resting()
        continue
      }
      for (const action of actions) if (action.kind !== 'rest') begin(action, plan)
      if (actions.some((one) => !running.has(one))) continue
      const timer = new AbortController()
      await Promise.race([...running.values(), around.happened(), ...alarm(wakeAt, timer.signal)])
      timer.abort()
    }
  }

  function begin(action: Exclude<Action, { kind: 'rest' }>, plan: Plan): void {
    const event = plainEvent(action, world, plan)
    if (event !== null) {
      ledger.append(event)
      return
    }
    const carriedOut = async (): Promise<void> => {
      try {
        const result = await effect(action)
        if (result.ok && result.value.length > 0) ledger.append(...result.value)
        // A person ended it, and what it was at is begun anew.
        else if (!result.ok && result.error.code !== 'interrupted')
          ledger.append(failedNow(result.error, action))
      } catch (error) {
        crashes.push(error)
      }
      running.delete(action)
    }
    // Entered before it runs: an effect may end before its first wait.
    running.set(action, Promise.resolve().then(carriedOut))
  }

  async function effect(action: Action): Promise<Result<readonly NewBatchEvent[]>> {
    if (action.kind === 'check-head') {
      const checked = await checkCommit(world, 'head', ledger.state().head)
      return checked.ok ? ok([{ type: 'checked', data: checked.value }]) : checked
    }
    if (action.kind === 'look') return lookAtItem(world, action.item)
    const attempt = attemptOf(action)
    if (attempt === undefined) return ok([])
    switch (action.kind) {
      case 'worktree':
        return prepareWorktree(world, attempt)
      case 'turn':
        await world.hooks.started(attempt.fence)
        return takeTurn(world, attempt)
      case 'plan':
        await world.hooks.started(attempt.fence)
        return planItem(world, attempt, action.agents)
      case 'review-plan':
        return reviewPlan(world, attempt, action.agents)
      case 'candidate':
        return captureCandidate(world, attempt)
      case 'judge':
        return judgeCandidate(world, attempt)
      case 'review':
        return reviewCandidate(world, attempt, action.agents)
      case 'integrate':
        return integrate(world, attempt)
      case 'wind-up':
        return windUp(world, attempt)
      case 'finish':
        return finish(world, attempt)
      case 'open':
      case 'park':
      case 'fail':
      case 'retake':
      case 'hand-over':
      case 'settle-plan':
      case 'settle-review':
      case 'rest':
        return ok([])
      default:
        return never(action, 'action')
    }
  }

  function failedNow(error: Failure, action: Action): NewBatchEvent {
    return afterFailure(error, attemptOf(action), ledger.state(), world.settings.backoff, context.clock())
  }

  function attemptOf(action: Action): AttemptState | undefined {
    return 'fence' in action ? ledger.state().attempts.get(action.fence) : undefined
  }

  function alarm(wakeAt: number | null, signal: AbortSignal): readonly Promise<void>[] {
    if (wakeAt === null) return []
    const ms = Math.min(Math.max(0, wakeAt - context.clock()), LONGEST_WAIT_MS)
    return [setTimeout(ms, undefined, { signal }).catch(() => {})]
  }
}

function inFlightOf(actions: readonly Action[]): InFlight {
  return {
    fences: new Set(actions.flatMap((one) => ('fence' in one ? [one.fence] : []))),
    lane: actions.some(usesLane),
    choosing: actions.some((one) => one.kind === 'worktree'),
  }
}

/** Files of items that are done, and differ in another way than was last said. */
function editedSince({ items }: BatchState, { unapproved }: Plan): readonly NewBatchEvent[] {
  return [...unapproved].flatMap(([item, digest]): NewBatchEvent[] => {
    const had = items.get(item)
    return had?.standing.kind === 'done' && had.edited !== digest
      ? [{ type: 'item-edited', data: { item, digest } }]
      : []
  })
}

/** Suspensions on this machine that the record does not know yet, whichever batch met them. */
function suspendedSince(state: BatchState, plan: Plan, now: number): readonly NewBatchEvent[] {
  return unrecorded({ state, plan, now }).map(([agent, { until, why }]) => ({
    type: 'backed-off',
    data: { until, why, fence: null, agent, shared: true },
  }))
}

/** Actions that are nothing but an event. */
function plainEvent(action: Action, world: World, plan: Plan): NewBatchEvent | null {
  const state = world.ledger.state()
  switch (action.kind) {
    case 'open': {
      const item = state.items.get(action.item)
      if (item === undefined) return null
      return {
        type: 'attempt-opened',
        data: {
          item: action.item,
          fence: state.fence + 1,
          attempt: item.attempts + 1,
          base: item.kept?.base ?? item.frozen.joins?.marked ?? state.head,
          digest: item.frozen.digest,
          agent: agentNow({ state, plan, now: world.context.clock() }, action.item),
          ...escalated(world.settings, item),
          ...(item.kept === undefined ? {} : { candidate: item.kept.candidate }),
        },
      }
    }
    case 'park':
      return { type: 'item-parked', data: { item: action.item, code: action.code } }
    case 'fail': {
      const { fence, failure } = action
      const item = state.attempts.get(fence)?.item
      return item === undefined ? null : { type: 'attempt-ending', data: { item, fence, failure } }
    }
    case 'retake': {
      const { fence } = action
      const item = state.attempts.get(fence)?.item
      return item === undefined
        ? null
        : { type: 'turn-ended', data: { item, fence, outcome: { kind: 'stopped' } } }
    }
    case 'hand-over': {
      const { fence, agent } = action
      const item = state.attempts.get(fence)?.item
      return item === undefined ? null : { type: 'agent-changed', data: { item, fence, agent } }
    }
    case 'settle-plan': {
      const { fence, plan: digest } = action
      const item = state.attempts.get(fence)?.item
      return item === undefined ? null : { type: 'plan-settled', data: { item, fence, plan: digest } }
    }
    case 'settle-review': {
      const { fence, tree } = action
      const item = state.attempts.get(fence)?.item
      return item === undefined ? null : { type: 'review-settled', data: { item, fence, tree } }
    }
    case 'worktree':
    case 'plan':
    case 'review-plan':
    case 'turn':
    case 'candidate':
    case 'judge':
    case 'review':
    case 'integrate':
    case 'wind-up':
    case 'finish':
    case 'check-head':
    case 'look':
    case 'rest':
      return null
    default:
      return never(action, 'action')
  }
}
