import type { EventData, PlanItem } from './events.ts'
import type { Child, RunState } from './state.ts'

const maxChildren = 256
/** Status of a plan step that vanished from the plan while it was open. */
export const droppedStep = 'dropped'

/**
 * A plan that claims that nothing is left must hold every step that was open just before: taking a step out is not
 * doing it. While steps are open, a plan may be worded anew.
 */
function withDropped(before: RunState['plan'], plan: readonly PlanItem[]): readonly PlanItem[] {
  if (!before || before.stale || plan.some((item) => item.status !== 'completed')) return plan
  const kept = new Set(plan.map((item) => item.step))
  const dropped = before.items.filter((item) => item.status !== 'completed' && !kept.has(item.step))
  return [...plan, ...dropped.map(({ step }) => ({ step, status: droppedStep }))]
}

/** The plan as it is after this event. */
export function foldPlan(
  before: RunState['plan'],
  { plan, whole }: EventData['plan'],
  at: number,
): NonNullable<RunState['plan']> {
  const kept = plan.filter((item) => item.status !== 'completed').length
  const unnamed = Math.max(0, (whole?.open ?? kept) - kept)
  return { items: withDropped(before, plan), at, stale: false, ...(unnamed > 0 ? { unnamed } : {}) }
}

/** The children with what one event tells of one of them; the newest 256. */
export function withChild(
  children: readonly Child[],
  { id, what, agentType, transcript, codex }: EventData['child'],
  at: number,
): readonly Child[] {
  const known = children.find((child) => child.id === id)
  const child: Child = {
    id,
    agentType,
    transcript: transcript ?? known?.transcript ?? null,
    codex: codex ?? known?.codex ?? null,
    startedAt: what === 'started' ? at : (known?.startedAt ?? at),
    stoppedAt: what === 'stopped' ? at : null,
  }
  return [...children.filter((one) => one.id !== id), child].slice(-maxChildren)
}
