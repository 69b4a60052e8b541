import fs from 'node:fs'
import { continuousProcess } from '../../supervisor/batch/continuous-process.ts'
import { leftoversOf } from '../../supervisor/batch/leftovers.ts'
import { notedWatcher, watcherOf } from '../../supervisor/batch/watcher.ts'
import { leftRequests, staleRequests } from '../../supervisor/orders/requests.ts'
import { type Check, failed, passed } from '../check.ts'
import { REPAIR } from '../repair-words.ts'
import { type BatchLook, dataOf } from './look.ts'

/** An open batch that never came to rest and that nobody has in hand: whoever relies on it waits for nothing. */
export function supervisorAlive({ repo, open, owner, isHeld }: BatchLook): Check {
  const watcher = watcherOf(repo)
  const data = {
    batch: open?.opened.batch ?? null,
    pid: owner?.pid ?? null,
    watcher: watcher?.process.pid ?? null,
  }
  if (open === null || open.rest !== null || owner !== null || isHeld || watcher !== null) return passed(data)
  return open.owner === null
    ? failed(`batch ${open.opened.batch} was opened and nobody took it`, 'autonomous-loop run', data)
    : failed(
        `the process that worked at batch ${open.opened.batch} is gone (${open.owner.process.pid})`,
        notedWatcher(repo) === null ? 'autonomous-loop run' : 'autonomous-loop run --detach',
        data,
      )
}

/** A run that goes on without the one that would start it again. */
export function watcherAlive({ repo, owner }: BatchLook): Check {
  const noted = notedWatcher(repo)
  const data = { pid: noted?.process.pid ?? null }
  return noted === null || watcherOf(repo) !== null || owner === null
    ? passed(data)
    : failed(
        'the watcher of the detached run is gone: the run goes on, and nobody starts it again after a crash',
        'autonomous-loop attach',
        data,
      )
}

/** While somebody has the lock all of it is theirs. */
export function leftovers(look: BatchLook): Check {
  const data = dataOf(look)
  if (look.isHeld || look.owner !== null || data === null) return passed({ pids: [] })
  const pids = leftoversOf(
    look.known.map(({ batch }) => batch),
    data,
  )
  return pids.length === 0
    ? passed({ pids })
    : failed(`a supervisor that is gone left processes at work: ${pids.join(', ')}`, REPAIR, { pids })
}

/** What a person asked for, and nobody is there to do. */
export function requests({ repo, open, state, owner, isHeld }: BatchLook): Check {
  if (isHeld || owner !== null) return passed()
  const stale = staleRequests(repo.requests).map(({ file, why }) => ({ file, why }))
  const orders = leftRequests(repo.requests).has('order')
  if (orders && state !== null && stale.every((one) => one.why === 'stop'))
    return failed(
      `orders for batch ${(open ?? state).opened.batch} were left, and no process has carried them out`,
      'autonomous-loop run',
      { stale },
    )
  return stale.length === 0
    ? passed({ stale })
    : failed(`${stale.length} requests were left that nobody can carry out any more`, REPAIR, { stale })
}

/** Notes of processes that are gone. */
export function staleNotes({ repo, owner }: BatchLook): Check {
  const files = staleFiles({ repo, owner })
  return files.length === 0
    ? passed({ files })
    : failed(`notes of processes that are gone were left: ${files.join(', ')}`, REPAIR, { files })
}

/** What is left for the run that follows a crash is kept as long as its watcher may start one. */
export function staleFiles({ repo, owner }: Pick<BatchLook, 'repo' | 'owner'>): readonly string[] {
  if (watcherOf(repo) !== null) return []
  return [
    ...(fs.existsSync(repo.continuous) && continuousProcess(repo) === null ? [repo.continuous] : []),
    ...(fs.existsSync(repo.watcher) && owner === null ? [repo.watcher] : []),
  ]
}
