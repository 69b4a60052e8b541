import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import { parseJson } from '../base/json.ts'
import { namesIn } from '../base/names-in.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { writeFileWhole } from '../base/write-file.ts'

/**
 * A program, with one account, of which nothing is asked for a while: by no batch of this user on this machine. Removing its file ends it.
 * Times in ms since the epoch.
 */
export interface Suspension {
  readonly until: number
  readonly why: 'quota' | 'overloaded' | 'network'
  readonly since: number
  /** How often it was asked in vain, in a row. */
  readonly probes: number
}

const schema = z.object({
  until: z.number(),
  why: z.enum(['quota', 'overloaded', 'network']),
  since: z.number(),
  probes: z.int().check(z.nonnegative()),
})

/** Where the files are, one for each program and account. */
export const suspensionsDir = (home: string): string => path.join(home, 'providers')

const fileOf = (home: string, provider: string): string => path.join(suspensionsDir(home), `${provider}.json`)

/** None is longer. One that is further away was written by a clock that was wrong, and so was one that began after now. */
const LONGEST_MS = 9 * 24 * 3600_000
/** Clocks are set a little all the time. */
const SET_MS = 60_000

/**
 * Null: there is none that can be believed at `now`. One whose time has come is still told: how often it was asked in vain counts on.
 */
export function readSuspension(home: string, provider: string, now: number): Suspension | null {
  const read = readTextSafe(fileOf(home, provider), { maxBytes: 1 << 16 })
  const json = read.ok ? parseJson(read.value, 'suspension') : read
  const parsed = json.ok ? schema.safeParse(json.value) : undefined
  if (!parsed?.success) return null
  const { until, since } = parsed.data
  return until <= now + LONGEST_MS && since <= now + SET_MS ? parsed.data : null
}

/** One that lasts longer stays: another batch knows better. Code: home-unwritable. */
export function suspend(
  home: string,
  provider: string,
  suspension: Suspension,
  now: number,
): Result<Suspension> {
  const before = readSuspension(home, provider, now)
  const until = before === null ? suspension.until : Math.max(before.until, suspension.until)
  try {
    fs.mkdirSync(suspensionsDir(home), { recursive: true, mode: 0o700 })
    writeFileWhole(fileOf(home, provider), JSON.stringify({ ...suspension, until }))
    return ok({ ...suspension, until })
  } catch (error) {
    return fail('home-unwritable', `${fileOf(home, provider)} could not be written: ${systemWords(error)}`)
  }
}

/** The program works again. One whose time has not come stays: it may be newer than what speaks for it. */
export function endSuspension(home: string, provider: string, now: number): void {
  const there = readSuspension(home, provider, now)
  if (there !== null && there.until <= now) fs.rmSync(fileOf(home, provider), { force: true })
}

/** Every file of a suspension; `suspension` null: it cannot be believed, or not be read. */
export function allSuspensions(
  home: string,
  now: number,
): readonly { readonly provider: string; readonly file: string; readonly suspension: Suspension | null }[] {
  return namesIn(suspensionsDir(home))
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const provider = name.slice(0, -'.json'.length)
      return { provider, file: fileOf(home, provider), suspension: readSuspension(home, provider, now) }
    })
}
