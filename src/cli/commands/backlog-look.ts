import { type Result, err, fail, ok } from '../../base/result.ts'
import { backlogFailure } from '../../backlog/failure.ts'
import { itemId } from '../../backlog/item-id.ts'
import type { Context } from '../../records/context.ts'
import { type BacklogView, backlogView } from '../../views/backlog.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { done, plainText } from '../outcome.ts'
import { backlogDoc, backlogFields } from '../render/backlog.ts'
import { graphDoc, graphDot, graphFields } from '../render/backlog-graph.ts'
import { itemDoc, itemFields } from '../render/backlog-item.ts'

/** `backlog list`: a line for each item of the checkout. Only reads. */
export const backlogList = command({
  flags: { ...cwdFlag },
  run: (args, { context }) => {
    const view = viewOf(context, args.cwd)
    return view.ok ? ok(done(backlogFields(view.value), () => backlogDoc(view.value))) : view
  },
})

/** `backlog show`: one item, whole. Only reads. */
export const backlogShow = command({
  flags: { ...cwdFlag },
  words: { item: 'number of an item, as 003' },
  run: (args, { context }) => {
    const view = viewOf(context, args.cwd)
    if (!view.ok) return view
    const id = itemId(args.item)
    const entry = view.value.entries.find(({ item }) => item.id === id)
    if (entry === undefined) {
      const ids = view.value.entries.map(({ item }) => item.id).join(', ')
      return fail('no-item', `no item ${id} can be read in the backlog; these can: ${ids}`, {
        fix: 'autonomous-loop backlog lint',
      })
    }
    return ok(done(itemFields(view.value, entry), () => itemDoc(view.value, entry)))
  },
})

/** `backlog graph`: what comes when, and what waits for what. Only reads. */
export const backlogGraph = command({
  flags: { ...cwdFlag, dot: { type: 'boolean', describe: 'as input for dot of Graphviz' } },
  run: (args, { context }) => {
    const view = viewOf(context, args.cwd)
    if (!view.ok) return view
    if (args.dot === true) return ok(plainText(graphDot(view.value)))
    return ok(done(graphFields(view.value), () => graphDoc(view.value)))
  },
})

/** Without one item that can be read there is nothing to show but the problems. Codes: invalid-backlog, and those of backlogView. */
function viewOf(context: Context, given: string | undefined): Result<BacklogView> {
  const cwd = directoryOf(context.env, given)
  if (!cwd.ok) return cwd
  const view = backlogView(context, cwd.value)
  if (!view.ok) return view
  return view.value.entries.length === 0 ? err(backlogFailure(view.value.problems)) : view
}
