import type { AgentEvent } from '../../agents/agent.ts'
import { batchLeft, isUsedUp, itemLeft, minus } from '../decide/budget.ts'
import type { BatchEventData } from '../record/events.ts'
import { added } from '../record/fold-spent.ts'
import type { AttemptState, Spent } from '../record/state.ts'
import type { World } from '../world.ts'

type Over = BatchEventData['turn-ended']['over']

/** The limits in tokens and minutes while a turn runs. */
export interface TurnBudget {
  readonly hear: (event: AgentEvent) => void
  /** Ends the watch; says how long the turn took, and which limit ended it. */
  readonly close: () => { readonly ms: number; readonly over: Over }
}

/** Looked at again at the latest after this long: others at work use up the batch's minutes too. */
const LONGEST_MS = 60_000

/** `end` is called once, when a limit is reached. What the turn used up counts for others at work from its first token on. */
export function turnBudget(
  world: Pick<World, 'ledger' | 'settings' | 'spending' | 'item'>,
  { item, fence }: Pick<AttemptState, 'item' | 'fence'>,
  end: () => void,
): TurnBudget {
  const { ledger, settings, spending } = world
  const plan = { items: new Map([[item, world.item(item)]]), settings }
  const began = performance.now()
  let tokens = 0
  let over: Over
  // Once the turn runs.
  let timer = setTimeout(look, 0)
  const own = (): Spent => ({ tokens, ms: Math.round(performance.now() - began) })
  let isClosed = (): void => {}
  const closed = new Promise<void>((resolve) => (isClosed = resolve))
  spending.set(fence, { spent: own, look, closed })
  return {
    hear: (event) => {
      if (event.kind !== 'usage') return
      tokens = event.tokens
      look()
    },
    close: () => {
      clearTimeout(timer)
      spending.delete(fence)
      isClosed()
      return { ms: own().ms, over }
    },
  }

  function look(): void {
    if (over !== undefined) return
    const state = ledger.state()
    const ofItem = minus(itemLeft(state, plan, item), own())
    const ofBatch = leftWith(world)
    over = isUsedUp(ofBatch)
      ? 'batch'
      : isUsedUp(ofItem)
        ? 'item'
        : tokens >= (settings.limits.turnTokens ?? Infinity)
          ? 'turn'
          : undefined
    clearTimeout(timer)
    if (over !== undefined) end()
    // Each of them would else go on until its own next sign.
    if (over === 'batch') for (const other of spending.values()) other.look()
    if (over !== undefined) return
    const wait = Math.min(ofItem.ms, ofBatch.ms / Math.max(1, spending.size), LONGEST_MS)
    if (Number.isFinite(ofItem.ms) || Number.isFinite(ofBatch.ms)) timer = setTimeout(look, Math.max(1, wait))
  }
}

/** What is left of the batch's limits once all that is at work is counted. */
function leftWith({ ledger, settings, spending }: Pick<World, 'ledger' | 'settings' | 'spending'>): Spent {
  const all = [...spending.values()].map((one) => one.spent()).reduce(added, { tokens: 0, ms: 0 })
  return minus(batchLeft(ledger.state(), { items: new Map(), settings }), all)
}

/** Whether a turn may begin; where others have reached the batch's limit already it waits until one of them is on record. */
export async function mayBegin(world: Pick<World, 'ledger' | 'settings' | 'spending'>): Promise<boolean> {
  if (world.spending.size === 0 || !isUsedUp(leftWith(world))) return true
  for (const one of world.spending.values()) one.look()
  await Promise.race([...world.spending.values()].map((one) => one.closed))
  return false
}
