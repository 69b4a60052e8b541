import { randomBytes } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { isAlive, self } from '../base/process-id.ts'

/** What one gate writes: `upper` is what it sees above the tree, `work` is the kernel's. */
export interface Layer {
  readonly dir: string
  readonly upper: string
  readonly work: string
}

/** A new one in this directory, named after the process that answers for it. Throws what the file system says. */
export function makeLayer(parent: string): Layer {
  fs.mkdirSync(parent, { recursive: true, mode: 0o700 })
  const { pid, start } = self()
  const dir = path.join(parent, `${pid}-${start}-${randomBytes(6).toString('hex')}`)
  const [upper, work] = [path.join(dir, 'upper'), path.join(dir, 'work')]
  for (const one of [dir, upper, work]) fs.mkdirSync(one, { mode: 0o700 })
  // The tree itself looks to the gate as its layer does.
  fs.chmodSync(upper, 0o755)
  return { dir, upper, work }
}

/** Removes a layer with all in it. A directory of mode 0, as the kernel makes one in `work`, can be emptied by its owner. */
export function removeLayer(dir: string): void {
  try {
    fs.rmSync(dir, { recursive: true, force: true })
  } catch {
    try {
      open(dir)
      fs.rmSync(dir, { recursive: true, force: true })
    } catch {
      // Deeper than a path can be: rm goes down step by step.
      const removed = spawnSync('/bin/rm', ['-rf', '--', dir], { env: {} })
      if (removed.status !== 0) throw new Error(`${dir} cannot be removed`)
    }
  }
}

/** Removes the layers of processes that are gone: one that was killed could not do so itself. */
export function sweepLayers(parent: string): void {
  for (const name of namesIn(parent)) {
    const [pid = '', start = ''] = name.split('-')
    if (isAlive({ pid: Number(pid), start })) continue
    try {
      removeLayer(path.join(parent, name))
    } catch {
      // The next sweep tries again.
    }
  }
}

function open(dir: string): void {
  // Names need not be text.
  const queue = [Buffer.from(dir)]
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    fs.chmodSync(at, 0o700)
    for (const entry of fs.readdirSync(at, { withFileTypes: true, encoding: 'buffer' }))
      if (entry.isDirectory()) queue.push(Buffer.concat([at, Buffer.from('/'), entry.name]))
  }
}

function namesIn(dir: string): string[] {
  try {
    return fs.readdirSync(dir)
  } catch {
    return []
  }
}
