import type { BatchView } from '../batch-status.ts'
import type { ItemView } from '../batch-item.ts'

/** The one command that comes next for a person about this item; null: none is needed, or none would work. Pure. */
export function nextOfItem(view: BatchView, item: ItemView, isNewest: boolean): string | null {
  // Orders are given to the newest batch alone.
  if (!isNewest) return null
  if (item.proposal !== null || item.edited || item.waits_for?.kind === 'unaccepted')
    return `autonomous-loop accept ${item.id}`
  switch (item.state) {
    case 'parked':
      return item.code === 'contract-changed' && item.edited
        ? `autonomous-loop accept ${item.id}`
        : `autonomous-loop retry ${item.id}`
    case 'waiting': {
      const before = item.waits_for?.kind === 'after' ? item.waits_for.items[0] : undefined
      return before === undefined ? view.next : `autonomous-loop show ${before}`
    }
    case 'working':
    case 'integrating':
    case 'suspended':
      return view.state === 'running' ? 'autonomous-loop attach' : view.next
    case 'done':
      return view.state === 'completed' ? view.next : null
    case 'ready':
      return view.state === 'running' ? 'autonomous-loop attach' : view.next
    case 'dropped':
      return null
    default:
      return item.state satisfies never
  }
}
