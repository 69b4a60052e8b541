import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from './names-in.ts'
import { isAlive, self } from './process-id.ts'

/** A new directory in this one, named after the process that answers for it. Throws what the file system says. */
export function makeOwned(parent: string): string {
  fs.mkdirSync(parent, { recursive: true, mode: 0o700 })
  const { pid, start } = self()
  const dir = path.join(parent, `${pid}-${start}-${randomBytes(6).toString('hex')}`)
  fs.mkdirSync(dir, { mode: 0o700 })
  return dir
}

/** Removes it with all that others wrote there, closed and very deep directories too. */
export function removeOwned(dir: string): void {
  try {
    fs.rmSync(dir, { recursive: true, force: true })
  } catch {
    removeClosed(dir)
  }
}

function removeClosed(dir: string): void {
  try {
    open(dir)
    fs.rmSync(dir, { recursive: true, force: true })
  } catch {
    // Deeper than a path can be: rm goes down step by step.
    const removed = spawnSync('/bin/rm', ['-rf', '--', dir], { env: {} })
    if (removed.status !== 0) throw new Error(`${dir} cannot be removed`)
  }
}

/** Removes those of processes that are gone: one that was killed could not do so itself. */
export function sweepOwned(parent: string): void {
  for (const name of namesIn(parent)) {
    const [pid = '', start = ''] = name.split('-')
    if (isAlive({ pid: Number(pid), start })) continue
    try {
      removeOwned(path.join(parent, name))
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
