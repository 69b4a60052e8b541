import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { removeOwned } from '../../base/owned-directory.ts'
import { pruneLayers } from '../../records/layer-store.ts'
import { type Removable, storesOf } from './plan.ts'

/** Removes what a plan names, as far as nobody has come to use it since. Gives what went; what cannot be removed stays. */
export function removeRooms(home: string, planned: readonly Removable[]): Removable[] {
  const gone = planned.filter((one) => {
    if (one.what === 'layer') return removeLayer(one.path)
    try {
      removeOwned(one.path)
      return true
    } catch {
      return false
    }
  })
  for (const dir of storesOf(home)) removeEmpty(dir)
  return gone
}

function removeLayer(place: string): boolean {
  const [dir, name] = [path.dirname(place), path.basename(place)]
  // What was half made is swept with the rest.
  if (path.basename(dir) === 'making') {
    pruneLayers(path.dirname(dir), () => false)
    return !fs.existsSync(place)
  }
  const pruned = pruneLayers(dir, ({ digest }) => digest === name)
  return pruned.ok && pruned.value.length > 0
}

/** Of a repository whose last layer went, once nobody holds a lock of it. */
function removeEmpty(dir: string): void {
  const left = namesIn(dir)
  const isDone = left.every(
    (name) => ['making', 'uses', 'lock', 'locks'].includes(name) || name.endsWith('.json'),
  )
  if (!isDone || ['making', 'uses', 'locks'].some((name) => namesIn(path.join(dir, name)).length > 0)) return
  try {
    fs.rmSync(dir, { recursive: true, force: true })
  } catch {
    // The next time.
  }
}
