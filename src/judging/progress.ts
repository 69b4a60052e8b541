import fs from 'node:fs'
import type { Clock } from '../base/env.ts'
import { isObject, parseJson } from '../base/json.ts'
import { type ProcessId, isAlive, self } from '../base/process-id.ts'
import { readTextSafe } from '../base/read-file.ts'
import type { Doing, Watch } from './watch.ts'

/** What a verdict that is under way waits for. Times in ms. */
export interface Progress {
  readonly since: number
  readonly doing: readonly (Doing & { readonly since: number })[]
}

/** Keeps a small file beside a ledger that says what is waited for, for whoever looks meanwhile. It is no record: a disk that is full keeps no verdict. */
export function progressFile(file: string, clock: Clock): Watch & { close(): void } {
  const began = clock()
  const running = new Map<Doing, number>()
  const write = (): void => {
    const doing = [...running].map(([one, since]) => ({ ...one, since }))
    try {
      fs.rmSync(`${file}.new`, { force: true })
      fs.writeFileSync(`${file}.new`, JSON.stringify({ by: self(), since: began, doing }), {
        mode: 0o600,
        flag: 'wx',
      })
      fs.renameSync(`${file}.new`, file)
    } catch {
      // Nobody is told.
    }
  }
  return {
    began(doing) {
      running.set(doing, clock())
      write()
    },
    ended(doing) {
      running.delete(doing)
      write()
    },
    close() {
      for (const one of [file, `${file}.new`])
        try {
          fs.rmSync(one, { force: true })
        } catch {
          // Its process tells that it is old.
        }
    },
  }
}

/** What is waited for now; null where nothing is judged. */
export function readProgress(file: string): Progress | null {
  const text = readTextSafe(file, { maxBytes: 1 << 16 })
  const parsed = text.ok ? parseJson(text.value, file) : text
  if (!parsed.ok || !isObject(parsed.value)) return null
  const { by, since, doing } = parsed.value
  if (!isObject(by) || !isAlive(by as unknown as ProcessId)) return null
  if (typeof since !== 'number' || !Array.isArray(doing)) return null
  return { since, doing: doing as Progress['doing'] }
}
