import fs from 'node:fs'
import path from 'node:path'
import { makeOwned } from '../base/owned-directory.ts'

/** What one gate writes: `upper` is what it sees above the tree, `work` is the kernel's. */
export interface Layer {
  readonly dir: string
  readonly upper: string
  readonly work: string
}

/** A new one in this directory; see `makeOwned`. Throws what the file system says. */
export function makeLayer(parent: string): Layer {
  const dir = makeOwned(parent)
  const [upper, work] = [path.join(dir, 'upper'), path.join(dir, 'work')]
  for (const one of [upper, work]) fs.mkdirSync(one, { mode: 0o700 })
  // The tree itself looks to the gate as its layer does.
  fs.chmodSync(upper, 0o755)
  return { dir, upper, work }
}
