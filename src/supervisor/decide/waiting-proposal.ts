import type { BatchState, ItemState } from '../record/state.ts'

export type WaitingProposal = NonNullable<ItemState['proposal']>

/** What an item's agent proposed, and a person has not answered; null: nothing. Pure. */
export function waitingProposal({ items }: Pick<BatchState, 'items'>, id: string): WaitingProposal | null {
  const item = items.get(id)
  const isParked = item?.standing.kind === 'parked' && item.standing.code === 'proposal'
  return isParked && item.proposal !== undefined && !item.proposal.refused ? item.proposal : null
}
