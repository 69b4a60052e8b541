import type { Item } from '../../backlog/item.ts'
import { lookAtBacklog, readBacklogFiles } from '../../backlog/read-backlog.ts'
import type { Context } from '../../records/context.ts'
import { acceptedAt } from '../../records/item-approvals.ts'
import { settledConfig } from '../batch/open.ts'
import type { Site } from '../batch/site.ts'
import { unfitItems } from '../batch/unfit.ts'
import type { NewBatchEvent } from '../record/events.ts'
import type { BatchState } from '../record/state.ts'
import { waitingProposal } from '../decide/waiting-proposal.ts'
import { isOfBacklog, withFrozen } from './item-files.ts'
import { textAccepted } from './text-accepted.ts'

/**
 * Items that a person accepted as their files are now, and that the batch does not have so. A backlog with a problem, or one that this
 * version cannot work on, has none: it is looked at again when it changes.
 */
export function approvedSince(context: Context, site: Site, state: BatchState): readonly Item[] {
  // It is no backlog's, whatever its file is called.
  if (!isOfBacklog(state)) return []
  const settled = settledConfig(state.opened.config.text, state.opened.config.path)
  if (!settled.ok) return []
  const { config, settings } = settled.value
  const { items, problems } = lookAtBacklog(withFrozen(readBacklogFiles(site.root), state), config)
  if (problems.length > 0) return []
  return items.filter((item) => {
    const had = state.items.get(item.id)
    const at = acceptedAt(context.env.home, site.root, item)
    // A file that is as it once was, by a change of the branch or whoever writes there, is no new word of a person.
    return (
      at !== null &&
      at > (had?.givenUp?.get(item.digest) ?? -Infinity) &&
      at >
        (had === undefined
          ? -Infinity
          : (acceptedAt(context.env.home, site.root, had.frozen) ?? -Infinity)) &&
      // Its text is on the way with the answer to its proposal.
      waitingProposal(state, item.id) === null &&
      had?.frozen.digest !== item.digest &&
      had?.rejected !== item.digest &&
      had?.standing.kind !== 'dropped' &&
      unfitItems([item], settings) === null
    )
  })
}

/** What takes them into the batch; one that was done is open again with its new text. */
export function takenIn(items: readonly Item[], state: BatchState): readonly NewBatchEvent[] {
  return items.flatMap(({ id, file, digest, text }): NewBatchEvent[] => [
    // First: a record that is torn after it has an open item with its old text, which is looked at again.
    ...(state.items.get(id)?.standing.kind === 'done'
      ? [{ type: 'item-reopened' as const, data: { item: id } }]
      : []),
    ...textAccepted({ id, file, digest, text }, state),
  ])
}
