import path from 'node:path'
import type { Answered, World } from '../world.ts'
import { textOf } from './text-of.ts'

export interface Landed {
  readonly answer: Answered
  /** What a fresh clone of the person's repository holds: path → text. */
  readonly clone: ReadonlyMap<string, string>
  /** Author and subject of its commits after the first, newest first. */
  readonly commits: readonly string[]
  /** What `git status` says of the person's checkout. */
  readonly status: string
  readonly ms: number
}

/** Lands what is done, and looks at it where nobody of ours was. */
export async function landAndClone(world: World, repo: string): Promise<Landed> {
  const begun = performance.now()
  const answer = await world.cli(['land', '--merge'], repo)
  const clone = path.join(world.dir, 'clone')
  await world.git(['clone', '-q', repo, clone], world.dir)
  const names = await world.git(['ls-tree', '-r', '-z', '--name-only', 'HEAD'], clone)
  const log = await world.git(['log', '--format=%an: %s'], clone)
  const status = await world.git(['status', '--porcelain'], repo)
  return {
    answer,
    clone: new Map(
      names.stdout
        .split('\0')
        .filter((name) => name !== '')
        .map((name) => [name, textOf(path.join(clone, name))]),
    ),
    commits: log.stdout.trim().split('\n').slice(0, -1),
    status: status.stdout,
    ms: performance.now() - begun,
  }
}
