import { type Result, err, ok } from '../../base/result.ts'
import { backlogFailure } from '../../backlog/failure.ts'
import type { Item } from '../../backlog/item.ts'
import { readBacklog } from '../../backlog/read-backlog.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { checkoutConfig } from '../../records/checkout-config.ts'
import { runAtBase } from '../../supervisor/batch/lint-run.ts'
import { siteOf } from '../../supervisor/batch/site.ts'
import { isOfBacklog } from '../../supervisor/orders/item-files.ts'
import { openBatch } from '../../supervisor/orders/order.ts'
import { mayChangeSetup } from '../asker.ts'
import { answeredAtBase } from '../at-base.ts'
import { type Io, command } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { type CliOutcome, done } from '../outcome.ts'
import { columns, good, strong } from '../render/doc.ts'
import { ranDoc, ranFields } from '../render/lint-run.ts'

/** `backlog lint`: every problem of every item at once, with its line. Reads only; exit status 0: `allow` accepts it. */
export const backlogLint = command({
  flags: {
    repo: { type: 'string', value: 'dir', describe: 'the repository (default: here)' },
    run: {
      type: 'boolean',
      describe: 'also run what proves the items on the commit of HEAD: it has to fail before anybody works',
    },
  },
  ownSignals: true,
  run: (args, io) => {
    const { context } = io
    const repo = directoryOf(context.env, args.repo)
    if (!repo.ok) return repo
    const root = findRepoRoot(repo.value)
    const config = checkoutConfig(root)
    if (!config.ok) return config
    const backlog = readBacklog(root, config.value)
    if (!backlog.ok) return err(backlogFailure(backlog.error))
    const { items } = backlog.value
    return args.run === true ? ran(io, root, items) : ok(listed(root, items, null))
  },
})

/** Evidence that holds on the commit of HEAD is a problem like any other. */
function ran(io: Io, root: string, items: readonly Item[]): Promise<Result<CliOutcome>> | Result<CliOutcome> {
  const may = mayChangeSetup(io.context, 'run', false)
  if (!may.ok) return may
  const site = siteOf(root)
  if (!site.ok) return site
  const open = openBatch(io.context, site.value)
  if (!open.ok) return open
  const state = open.value !== null && isOfBacklog(open.value.state) ? open.value.state : null
  const over = (id: string): boolean =>
    ['done', 'dropped'].includes(state?.items.get(id)?.standing.kind ?? '')
  return answeredAtBase(
    io,
    site.value,
    // What an open batch has done may hold by now.
    (ground) =>
      runAtBase(
        ground,
        items.filter((one) => !over(one.id)),
      ),
    (seen) =>
      seen.problems.length > 0
        ? err(backlogFailure(seen.problems))
        : ok(listed(root, items, [ranFields(seen), ranDoc(seen)])),
  )
}

function listed(
  root: string,
  items: readonly Item[],
  seen: readonly [ReturnType<typeof ranFields>, ReturnType<typeof ranDoc>] | null,
): CliOutcome {
  const answer = {
    ok: true,
    repo_root: root,
    items: items.map((one) => ({
      id: one.id,
      file: one.file,
      title: one.title,
      digest: one.digest,
      after: one.after,
      scope: one.scope,
      priority: one.priority,
      exclusive: one.exclusive,
      mends: one.mends,
    })),
    ...(seen === null ? {} : { at_base: seen[0] }),
    problems: [],
  }
  return done(answer, () => [
    [good('✓ '), `${items.length} ${items.length === 1 ? 'item' : 'items'}`],
    ...columns(
      items.map((one) => [
        strong(one.id),
        one.title,
        one.after.length > 0 ? `after ${one.after.join(', ')}` : '',
      ]),
      2,
    ),
    ...(seen === null ? [] : seen[1]),
    'Next: autonomous-loop allow --repo .',
  ])
}
