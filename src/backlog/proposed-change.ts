import type { Proposal, ProposedItem } from '../agents/answer.ts'
import { never } from '../base/result.ts'
import { oneLine, withoutControls } from '../base/text.ts'
import { itemName } from './draft-text.ts'
import { type FrontMembers, newItemText, withMembers } from './edit-front.ts'
import { nextId } from './item-id.ts'
import type { BacklogText, Item } from './item.ts'

/** What a proposal makes of a backlog. */
export interface ProposedChange {
  /** Files that are new, by name. */
  readonly added: readonly BacklogText[]
  /** Files that say something else than before. */
  readonly changed: readonly BacklogText[]
  /** The item itself, where others take its place. */
  readonly replaced: string | null
}

/**
 * What becomes of the items if a person says yes. `waiters`: items that come after this one and are not over. `taken`: numbers that
 * are not free. An agent's text comes below front matter of ours, so that it can give an item no rights. Pure.
 */
export function proposedChange(
  proposal: Proposal,
  item: Item,
  waiters: readonly Item[],
  taken: readonly string[],
): ProposedChange {
  switch (proposal.kind) {
    case 'widen-scope': {
      const scope = [...new Set([...item.scope, ...proposal.scope])]
      return { added: [], changed: [changed(item, { scope })], replaced: null }
    }
    case 'add-dependency': {
      const id = nextId(taken, 0)
      const after = [...item.after, id]
      return {
        added: [added(id, proposal.item, item, [])],
        changed: [changed(item, { after })],
        replaced: null,
      }
    }
    case 'split': {
      const ids = proposal.items.map((_, nth) => nextId(taken, nth))
      return {
        added: proposal.items.map((part, nth) => added(ids[nth] ?? '', part, item, item.after)),
        changed: waiters.map((one) =>
          changed(one, { after: one.after.flatMap((id) => (id === item.id ? ids : [id])) }),
        ),
        replaced: item.id,
      }
    }
    default:
      return never(proposal, 'proposal')
  }
}

const nameOf = ({ file }: Pick<Item, 'file'>): string => file.slice(file.lastIndexOf('/') + 1)

function changed(item: Item, members: FrontMembers): BacklogText {
  const name = nameOf(item)
  return { name, text: withMembers({ name, text: item.text }, members) }
}

/** What the person said about the item holds for what comes of it. */
function added(id: string, part: ProposedItem, from: Item, after: readonly string[]): BacklogText {
  const title = oneLine(withoutControls(part.title), 200)
  const { priority, exclusive, mends, agent, review, limits } = from
  const members: FrontMembers = {
    scope: part.scope,
    ...(after.length === 0 ? {} : { after }),
    ...(priority === 3 ? {} : { priority }),
    ...(exclusive.length === 0 ? {} : { exclusive }),
    ...(mends.length === 0 ? {} : { mends }),
    ...(agent === null ? {} : { agent }),
    ...(review === null ? {} : { review }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
  return { name: itemName(id, title), text: newItemText(members, title, withoutControls(part.text)) }
}
