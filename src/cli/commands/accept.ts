import { type Result, fail, ok } from '../../base/result.ts'
import { type EditedItem, type EditedItems, editedItems } from '../../supervisor/orders/edited-items.ts'
import type { Ordered } from '../../supervisor/orders/order.ts'
import { acceptEdited, chosenOf, rejectEdited } from '../../supervisor/orders/settle-edited.ts'
import { command, cwdFlag } from '../command.ts'
import { acceptProposed, askedProposal, rejectProposed } from '../answer-proposal.ts'
import { type CliOutcome, done } from '../outcome.ts'
import { personSite } from '../person-site.ts'
import { editedDoc, editedFields } from '../render/edited-items.ts'
import { chosenBy, noneOrBoth, someOrAll } from '../some-or-all.ts'

/** `accept`: new or edited items may run as they are now, or as an agent proposes; the open batch takes them over. */
export const accept = command({
  flags: {
    ...cwdFlag,
    ...someOrAll.flags,
    yes: { type: 'boolean', describe: 'do not ask before files are changed as an agent proposes' },
  },
  many: someOrAll.many,
  usage: noneOrBoth,
  run: async (args, io): Promise<Result<CliOutcome>> => {
    const { context } = io
    const site = personSite(context, 'accept', args.cwd)
    if (!site.ok) return site
    const edited = editedItems(context, site.value)
    if (!edited.ok) return edited
    const proposed = askedProposal(context, site.value, chosenBy(args), edited.value.items)
    if (!proposed.ok) return proposed
    if (proposed.value !== null) return acceptProposed(io, site.value, proposed.value, args.yes === true)
    const chosen = chosenOf(edited.value, chosenBy(args))
    if (!chosen.ok) return chosen
    const files = chosen.value.flatMap(({ item }) => item ?? [])
    if (files.length === 0) return nothing(chosen.value)
    const accepted = acceptEdited(context, site.value, edited.value, files)
    if (!accepted.ok) return accepted
    const items = chosen.value.filter(({ item }) => item !== null)
    return ok(
      done({ ok: true, action: 'accept', ...told(edited.value, items, accepted.value) }, () => [
        ...editedDoc(items, edited.value.config),
        edited.value.batch === null
          ? 'Accepted for the next batch: autonomous-loop run'
          : `Accepted. Work at an older text is kept, and the item begins with the new one.`,
        ...(accepted.value.by === 'here' ? ['Next: autonomous-loop run'] : []),
      ]),
    )
  },
})

/** `reject`: the open batch goes on with the texts that it has, and without what an agent proposes. */
export const reject = command({
  flags: { ...cwdFlag, ...someOrAll.flags },
  many: someOrAll.many,
  usage: noneOrBoth,
  run: (args, io): Result<CliOutcome> => {
    const { context } = io
    const site = personSite(context, 'reject', args.cwd)
    if (!site.ok) return site
    const edited = editedItems(context, site.value)
    if (!edited.ok) return edited
    const proposed = askedProposal(context, site.value, chosenBy(args), edited.value.items)
    if (!proposed.ok) return proposed
    if (proposed.value !== null) return rejectProposed(io, site.value, proposed.value)
    const chosen = chosenOf(edited.value, chosenBy(args))
    if (!chosen.ok) return chosen
    const frozen = chosen.value.filter(({ kind }) => kind !== 'new')
    if (edited.value.batch === null || frozen.length === 0)
      return fail(
        'no-item',
        'the open batch has no older text of these items; what nobody accepts never starts',
        {
          fix: 'autonomous-loop status --batch',
        },
      )
    const rejected = rejectEdited(context, site.value, frozen)
    if (!rejected.ok) return rejected
    return ok(
      done({ ok: true, action: 'reject', ...told(edited.value, frozen, rejected.value) }, () => [
        `${frozen.map(({ id }) => id).join(', ')}: the batch goes on with the text that it has.`,
        ...(rejected.value.by === 'here' ? ['Next: autonomous-loop run'] : []),
      ]),
    )
  },
})

function told({ batch }: EditedItems, items: readonly EditedItem[], { by }: Ordered): object {
  return { batch, items: items.map(editedFields), running: by === 'running' }
}

function nothing(chosen: readonly EditedItem[]): Result<never> {
  const [gone] = chosen
  return gone === undefined
    ? fail('no-item', 'no item waits to be accepted', { fix: 'autonomous-loop status --batch' })
    : fail('no-item', `the file of item ${gone.id} is gone, so there is nothing to accept`, {
        fix: `autonomous-loop reject ${gone.id} (the batch goes on with its text), or: autonomous-loop drop ${gone.id}`,
      })
}
