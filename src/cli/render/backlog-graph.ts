import { waitersOf } from '../../backlog/order.ts'
import { type BacklogEntry, type BacklogView, orderOf } from '../../views/backlog.ts'
import { problemLines } from './backlog.ts'
import { type Doc, type Line, columns, quiet, strong, warn } from './doc.ts'

export function graphFields(view: BacklogView): object {
  const { order, left } = orderOf(view.entries)
  const items = view.entries.map(({ item }) => item)
  const waiters = waitersOf(items)
  return {
    ok: true,
    repo_root: view.root,
    batch: view.batch,
    order: order.map((one) => one.id),
    never: left.map((one) => one.id),
    items: view.entries.map(({ item, inBatch }) => ({
      id: item.id,
      title: item.title,
      after: item.after,
      waiters: waiters.get(item.id) ?? 0,
      exclusive: item.exclusive,
      mends: item.mends,
      state: inBatch?.state ?? null,
    })),
    problems: view.problems,
  }
}

/** What comes when, and what each waits for: the order of one worker whose every item is done at once. */
export function graphDoc(view: BacklogView): Doc {
  const { order, left } = orderOf(view.entries)
  const of = new Map(view.entries.map((one) => [one.item.id, one]))
  const waiters = waitersOf(view.entries.map(({ item }) => item))
  const over = view.entries.filter(({ inBatch }) => ['done', 'dropped'].includes(inBatch?.state ?? ''))
  const line = (entry: BacklogEntry | undefined): Line[] => (entry === undefined ? [] : [lineOf(entry)])
  return [
    ...(over.length === 0 ? [] : ['Over:', ...columns(over.map(lineOf), 2)]),
    'In this order, if each is done at its first attempt:',
    ...columns(
      order.flatMap((one) => line(of.get(one.id))),
      2,
    ),
    ...(left.length === 0
      ? []
      : [
          [warn('These never start as it is now:')] as Line,
          ...columns(
            left.flatMap((one) => line(of.get(one.id))),
            2,
          ),
        ]),
    ...problemLines(view),
  ]

  function lineOf({ item, inBatch }: BacklogEntry): Line {
    const many = waiters.get(item.id) ?? 0
    const parts = [
      ...(inBatch === null ? [] : [inBatch.state]),
      ...(item.after.length === 0 ? [] : [`after ${item.after.join(', ')}`]),
      ...(many === 0 ? [] : [many === 1 ? '1 item waits for it' : `${many} items wait for it`]),
      ...(item.exclusive.length === 0 ? [] : [`exclusive ${item.exclusive.join(', ')}`]),
      ...(item.mends.length === 0 ? [] : [`mends ${item.mends.join(', ')}, so it goes alone`]),
    ]
    return [strong(item.id), item.title, quiet(parts.join('; '))]
  }
}

/** The same for `dot` of Graphviz: an arrow from what has to be done first. */
export function graphDot({ entries }: BacklogView): Doc {
  const quoted = (text: string): string => `"${text.replaceAll(/[\\"]/g, '\\$&')}"`
  return [
    'digraph backlog {',
    ...entries.map(({ item }) => `  ${quoted(item.id)} [label=${quoted(`${item.id} ${item.title}`)}];`),
    ...entries.flatMap(({ item }) => item.after.map((id) => `  ${quoted(id)} -> ${quoted(item.id)};`)),
    '}',
  ]
}
