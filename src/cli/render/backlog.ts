import type { BacklogEntry, BacklogView } from '../../views/backlog.ts'
import { waitingWords } from './batch-waiting.ts'
import { type Doc, type Line, columns, good, quiet, strong, warn } from './doc.ts'

export function backlogFields({ root, batch, entries, problems }: BacklogView): object {
  return { ok: true, repo_root: root, batch, items: entries.map(entryFields), problems }
}

/** An item of the backlog for machines, as `list` and `show` have it. */
export function entryFields({ item, standing, inBatch }: BacklogEntry): object {
  const { id, file, title, digest, after, scope, priority, exclusive, mends, agent, review, limits } = item
  return {
    id,
    file,
    title,
    digest,
    standing,
    state: inBatch?.state ?? null,
    waits_for: inBatch?.waits_for ?? null,
    code: inBatch?.code ?? null,
    after,
    scope,
    priority,
    exclusive,
    mends,
    agent,
    review,
    limits,
    allow_vacuous: item.allowVacuous,
  }
}

/** A line for each item: what it is, whether a person accepted it, and how it stands. */
export function backlogDoc(view: BacklogView): Doc {
  const { batch, entries } = view
  return [
    [
      strong(`${entries.length} ${entries.length === 1 ? 'item' : 'items'}`),
      batch === null ? ', and no batch is open' : `, in batch ${batch}`,
    ],
    ...columns(entries.map(entryLine), 2),
    ...problemLines(view),
  ]
}

/** How many problems there are, and the command that names them. */
export function problemLines({ problems }: BacklogView): Doc {
  return problems.length === 0
    ? []
    : [
        [
          warn(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in the backlog: `),
          'autonomous-loop backlog lint',
        ],
      ]
}

function entryLine(entry: BacklogEntry): Line {
  const { item, standing } = entry
  return [
    strong(item.id),
    item.title,
    standing === 'accepted' ? good(standing) : warn(standing),
    quiet(standingWords(entry)),
  ]
}

/** How it stands in the batch; without one, what has to be done before it. */
export function standingWords({ item, inBatch }: BacklogEntry): string {
  const after = item.after.length === 0 ? [] : [`after ${item.after.join(', ')}`]
  if (inBatch === null) return after.join('')
  const { state, waits_for: waits, code, edited } = inBatch
  return [
    state,
    ...(code === null ? [] : [code]),
    ...(waits === null ? [] : [waitingWords(waits)]),
    ...(edited && waits?.kind !== 'unaccepted' ? ['its file was edited'] : []),
  ].join(', ')
}
