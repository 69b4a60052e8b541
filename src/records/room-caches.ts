import fs from 'node:fs'
import path from 'node:path'
import { sha256 } from '../base/hash.ts'
import { isWithin, realPath } from '../base/within.ts'
import type { Layer } from '../box/layers.ts'
import type { Instead } from '../box/sealed.ts'
import { repoHash } from '../evidence/repo-root.ts'
import { homePaths } from '../ledger/paths.ts'

/**
 * The caches of one repository's clean rooms. Those of the person are written by gates that run in place, with the agent's code in
 * them, and a tool believes its cache.
 */
export interface RoomCaches {
  readonly dir: string
  /**
   * What is written to them stays. Only for what runs on the start alone: a package that the work brings in, or a test of it,
   * could leave there what a later room believes.
   */
  readonly stays: boolean
  /** Also those of package managers. */
  readonly packages: boolean
}

/** Where the caches of a repository lie. */
export function cachesPlace(home: string, repoRoot: string): string {
  return path.join(homePaths(home).caches, repoHash(repoRoot))
}

/** What is shown in the place of these caches, made where it is missing. `layer`: of the gate. Throws what the file system says. */
export function shownInstead(
  { dir, stays }: RoomCaches,
  caches: readonly string[],
  root: string,
  layer: Layer,
): Instead[] {
  const places = caches.map(realPath).filter((at) => !isWithin(at, root) && !isWithin(root, at))
  const outer = places.filter((at) => !places.some((other) => other !== at && isWithin(at, other)))
  return outer.map((at, nth) => {
    const own = path.join(dir, sha256(at).slice(0, 16))
    fs.mkdirSync(own, { recursive: true, mode: 0o700 })
    if (stays) return { at, dir: own, scratch: null }
    const [upper, work] = ['upper', 'work'].map((name) => path.join(layer.dir, `cache-${nth}`, name)) as [
      string,
      string,
    ]
    for (const one of [upper, work]) fs.mkdirSync(one, { recursive: true, mode: 0o700 })
    return { at, dir: own, scratch: { upper, work } }
  })
}
