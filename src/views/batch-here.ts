import type { Context } from '../records/context.ts'
import { batchesDir } from '../supervisor/batch/paths.ts'
import { batchWatcher } from '../supervisor/batch/find-batch.ts'
import { siteOf } from '../supervisor/batch/site.ts'
import { namesIn } from '../base/names-in.ts'
import { lookAround } from './batch-around.ts'
import { type BatchView, batchView } from './batch-status.ts'

/** The newest batch of a repository, beside its sessions. */
export interface BatchHere {
  /** Null: there is none, or its record cannot be read. */
  readonly batch: BatchView | null
  /** Why its record cannot be read. */
  readonly batch_problem: string | null
}

/** One of a repository of this machine. */
export interface BatchThere extends Pick<
  BatchView,
  'batch' | 'state' | 'code' | 'exit_code' | 'landed' | 'next'
> {
  readonly repo_root: string
  readonly items: number
  readonly done: number
  readonly parked: number
}

const none: BatchHere = { batch: null, batch_problem: null }

/** Looks at the batch around a directory, again and again. */
export function batchHere(context: Context, cwd: string): () => BatchHere {
  const site = siteOf(cwd)
  if (!site.ok) return () => none
  const look = batchWatcher(context.env.home, site.value.repoId)
  return () => {
    const found = look()
    if (!found.ok) return { batch: null, batch_problem: found.error.message }
    if (found.value === null) return none
    const { batch, state } = found.value
    return { batch: batchView(batch, state, lookAround(state, context)), batch_problem: null }
  }
}

/** Looks at the newest batch of every repository of this machine, again and again. One that cannot be read is left to `doctor`. */
export function batchesThere(context: Context): () => readonly BatchThere[] {
  const { home } = context.env
  const looks = new Map<string, ReturnType<typeof batchWatcher>>()
  return () =>
    namesIn(batchesDir(home)).flatMap((repoId): BatchThere[] => {
      const look = looks.get(repoId) ?? batchWatcher(home, repoId)
      looks.set(repoId, look)
      const found = look()
      if (!found.ok || found.value === null) return []
      const { batch, state } = found.value
      const view = batchView(batch, state, lookAround(state, context))
      const many = (kind: string): number => view.items.filter((one) => one.state === kind).length
      return [
        {
          repo_root: `${state.opened.top}/${state.opened.prefix}`.replace(/\/$/, ''),
          batch,
          state: view.state,
          code: view.code,
          exit_code: view.exit_code,
          items: view.items.length,
          done: many('done'),
          parked: many('parked'),
          landed: view.landed,
          next: view.next,
        },
      ]
    })
}
