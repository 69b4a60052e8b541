import { type Result, ok } from '../base/result.ts'
import type { Context } from '../records/context.ts'
import { editedItems } from '../supervisor/orders/edited-items.ts'
import { acceptEdited } from '../supervisor/orders/settle-edited.ts'
import { siteOf } from '../supervisor/batch/site.ts'
import { confirm } from './ask.ts'
import { printDoc } from './render/doc.ts'
import { editedDoc } from './render/edited-items.ts'

/**
 * Shows on the terminal the items that wait for a person's word, and asks once whether they may run. `for`: an open batch, which would
 * go on without them, or the next one, which would not be opened; null where nothing of that kind waits. Codes: unanswered, and those
 * of editedItems and acceptEdited.
 */
export async function askAccept(
  context: Context,
  cwd: string,
  batch: 'open' | 'next',
): Promise<Result<'accepted' | 'declined' | null>> {
  const site = siteOf(cwd)
  if (!site.ok) return site
  const edited = editedItems(context, site.value)
  if (!edited.ok) return edited
  const { config } = edited.value
  const waiting = edited.value.items.filter(({ item, isDropped }) => item !== null && !isDropped)
  if (waiting.length === 0 || (edited.value.batch === null) !== (batch === 'next')) return ok(null)
  process.stderr.write(printDoc(editedDoc(waiting, config), false))
  const which = waiting.length === 1 ? 'this item' : `these ${waiting.length} items`
  const agreed = await confirm(
    batch === 'next' ? `Accept ${which} and begin?` : `Accept ${which} for the open batch?`,
    'nothing was accepted, and nothing began',
  )
  if (!agreed.ok) return agreed
  if (!agreed.value) return ok('declined')
  const items = waiting.flatMap(({ item }) => item ?? [])
  const accepted = acceptEdited(context, site.value, edited.value, items)
  return accepted.ok ? ok('accepted') : accepted
}
