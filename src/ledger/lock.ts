import { setTimeout as sleep } from 'node:timers/promises'
import fs from 'node:fs'
import path from 'node:path'
import type { ProcessId } from '../base/process-id.ts'
import { errno } from '../base/read-file.ts'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { newTicket, release, tryOnce } from './lock-ticket.ts'

export interface LockOptions {
  /** Longest wait for a living holder, in ms. */
  readonly waitMs: number
  /** Told once, when the lock is not free at once. */
  readonly onWait?: (holder: ProcessId) => void
  readonly signal?: AbortSignal
}

/** Runs `fn` alone among all processes that use this directory. Codes: lock-busy (a living holder for waitMs), lock-io. */
export function withLockSync<T>(dir: string, options: LockOptions, fn: () => Result<T>): Result<T> {
  const mine = newTicket()
  const cell = new Int32Array(new SharedArrayBuffer(4))
  const entered = contend(dir, mine, options)
  for (;;) {
    const next = entered.next()
    if (!next.done) {
      Atomics.wait(cell, 0, 0, next.value)
      continue
    }
    if (!next.value.ok) return next.value
    try {
      return fn()
    } finally {
      release(dir, next.value.value, mine)
    }
  }
}

/** As withLockSync for work that waits itself. Codes: lock-busy, lock-io, lock-aborted (the signal, only while waiting). */
export async function withLock<T>(
  dir: string,
  options: LockOptions,
  fn: () => Promise<Result<T>>,
): Promise<Result<T>> {
  const mine = newTicket()
  const entered = contend(dir, mine, options)
  for (;;) {
    const next = entered.next()
    if (!next.done) {
      await sleep(next.value)
      continue
    }
    if (!next.value.ok) return next.value
    try {
      return await fn()
    } finally {
      release(dir, next.value.value, mine)
    }
  }
}

/** Yields how long to pause (ms) while a living process holds the lock; returns the number that we hold. */
function* contend(dir: string, mine: string, options: LockOptions): Generator<number, Result<number>> {
  const until = performance.now() + options.waitMs
  let pause = 1
  try {
    makeDirectory(dir)
    for (;;) {
      if (options.signal?.aborted) return fail('lock-aborted', `gave up waiting for ${dir}`)
      const attempt = tryOnce(dir, mine)
      if (attempt === 'again') continue
      if ('got' in attempt) return ok(attempt.got)
      if (pause === 1) options.onWait?.(attempt.holder)
      if (performance.now() >= until) return busy(dir, attempt.holder, options.waitMs)
      // Different pauses keep two contenders from meeting again and again.
      yield pause + Math.random() * pause
      pause = Math.min(pause * 2, 32)
    }
  } catch (error) {
    return fail('lock-io', `${dir} could not be locked: ${systemWords(error)}`, {
      data: { errno: errno(error) },
    })
  }
}

/** The recursive form says ENOENT where the plain one says why, such as a read-only file system. */
function makeDirectory(dir: string): void {
  fs.mkdirSync(path.dirname(dir), { recursive: true, mode: 0o700 })
  try {
    fs.mkdirSync(dir, { mode: 0o700 })
  } catch (error) {
    if (errno(error) !== 'EEXIST') throw error
  }
}

function busy(dir: string, holder: ProcessId, waitMs: number): Result<never> {
  return fail(
    'lock-busy',
    `process ${holder.pid} has held ${dir} for more than ${Math.round(waitMs / 1000)} s`,
    {
      fix: `look at that process (ps -p ${holder.pid}) and end it if it hangs`,
      data: { pid: holder.pid },
    },
  )
}
