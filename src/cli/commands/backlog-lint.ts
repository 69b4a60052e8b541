import { err, ok } from '../../base/result.ts'
import { backlogFailure } from '../../backlog/failure.ts'
import { readBacklog } from '../../backlog/read-backlog.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { checkoutConfig } from '../../records/checkout-config.ts'
import { command } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { done } from '../outcome.ts'
import { columns, good, strong } from '../render/doc.ts'

/** `backlog lint`: every problem of every item at once, with its line. Reads only; exit status 0: `allow` accepts it. */
export const backlogLint = command({
  flags: { repo: { type: 'string', value: 'dir', describe: 'the repository (default: here)' } },
  run: (args, { context }) => {
    const repo = directoryOf(context.env, args.repo)
    if (!repo.ok) return repo
    const root = findRepoRoot(repo.value)
    const config = checkoutConfig(root)
    if (!config.ok) return config
    const backlog = readBacklog(root, config.value)
    if (!backlog.ok) return err(backlogFailure(backlog.error))
    const { items } = backlog.value
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
      problems: [],
    }
    return ok(
      done(answer, () => [
        [good('✓ '), `${items.length} ${items.length === 1 ? 'item' : 'items'}`],
        ...columns(
          items.map((one) => [
            strong(one.id),
            one.title,
            one.after.length > 0 ? `after ${one.after.join(', ')}` : '',
          ]),
          2,
        ),
        'Next: autonomous-loop allow --repo .',
      ]),
    )
  },
})
