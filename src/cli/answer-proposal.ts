import { itemId } from '../backlog/item-id.ts'
import { type Result, fail, ok } from '../base/result.ts'
import type { Context } from '../records/context.ts'
import type { Site } from '../supervisor/batch/site.ts'
import { waitingProposal } from '../supervisor/decide/waiting-proposal.ts'
import { openBatch } from '../supervisor/orders/order.ts'
import { planProposal } from '../supervisor/orders/proposals.ts'
import { acceptProposal, refuseProposal } from '../supervisor/orders/settle-proposal.ts'
import type { BatchState } from '../supervisor/record/state.ts'
import { agreed } from './agreed.ts'
import type { Io } from './command.ts'
import { type CliOutcome, declined, done } from './outcome.ts'
import { proposalDoc, proposalFields } from './render/proposal.ts'

interface Asked {
  readonly batch: string
  readonly state: BatchState
  readonly id: string
}

/**
 * The item of these numbers whose agent proposed something, unless its file was edited since: a person's own text settles it. Null:
 * there is none. `edited`: items that wait as they are in the files. Codes: no-item (a proposal is answered by itself), those of
 * readBatch.
 */
export function askedProposal(
  context: Context,
  site: Site,
  typed: readonly string[] | 'all',
  edited: readonly { readonly id: string }[],
): Result<Asked | null> {
  const open = openBatch(context, site)
  if (!open.ok) return open
  if (open.value === null || typed === 'all') return ok(null)
  const { batch, state } = open.value
  const ids = [...new Set(typed.map(itemId))]
  const id = ids.find(
    (one) => waitingProposal(state, one) !== null && !edited.some((other) => other.id === one),
  )
  if (id === undefined) return ok(null)
  return ids.length === 1
    ? ok({ batch, state, id })
    : fail('no-item', `item ${id} has a proposal, which is answered by itself`, {
        fix: `autonomous-loop accept ${id}`,
      })
}

/** Shows what a yes would change, asks, and does it. Codes: those of agreed, planProposal and acceptProposal. */
export async function acceptProposed(
  io: Io,
  site: Site,
  { batch, state, id }: Asked,
  yes: boolean,
): Promise<Result<CliOutcome>> {
  const plan = planProposal(site, state, id)
  if (!plan.ok) return plan
  const fields = proposalFields(plan.value)
  const agreement = await agreed(io, yes, {
    doc: proposalDoc(plan.value),
    fields,
    question: plan.value.typed ? 'Go on so?' : 'Change the backlog so, and go on with it?',
  })
  if (!agreement.ok) return agreement
  if (!agreement.value)
    return ok(declined('accept', `Nothing was changed. To go on without it: autonomous-loop reject ${id}`))
  const accepted = acceptProposal(io.context, site, plan.value)
  if (!accepted.ok) return accepted
  const running = accepted.value.by === 'running'
  return ok(
    done({ ok: true, action: 'accept', batch, ...fields, running }, () => [
      ...(yes ? proposalDoc(plan.value) : []),
      plan.value.typed ? 'Accepted.' : 'Accepted, and written to the backlog.',
      running ? 'The batch that runs goes on with it.' : 'Next: autonomous-loop run',
    ]),
  )
}

/** The item goes on as it is. Codes: those of refuseProposal. */
export function rejectProposed({ context }: Io, site: Site, { batch, state, id }: Asked): Result<CliOutcome> {
  const waiting = waitingProposal(state, id)
  const refused = refuseProposal(context, site, id, waiting?.attempt ?? 0)
  if (!refused.ok) return refused
  const running = refused.value.by === 'running'
  return ok(
    done({ ok: true, action: 'reject', batch, item: id, attempt: waiting?.attempt ?? null, running }, () => [
      `${id}: goes on as it is, and its agent is told so.`,
      ...(running ? [] : ['Next: autonomous-loop run']),
    ]),
  )
}
