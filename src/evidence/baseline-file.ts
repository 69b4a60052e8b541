import fs from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Sha256, canonicalJson, sha256 } from '../base/hash.ts'
import { parseJson } from '../base/json.ts'
import { readFileSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { writeFileWhole } from '../base/write-file.ts'
import { readBaseline } from './baseline-shape.ts'
import { listingFile } from './git/listing.ts'
import type { Baseline } from './types.ts'

const MOST_BYTES = 64 << 20
const MOST_UNPACKED = 512 << 20

export function baselineFile(dir: string, sha: string): string {
  return path.join(dir, `baseline-${sha}.json.gz`)
}

/**
 * Writes `baseline-<sha256>.json.gz` (the hash is that of the JSON inside), and its list of files beside it. Throws on a
 * system error.
 */
export function saveBaseline(dir: string, baseline: Baseline): Sha256 {
  if (baseline.kind === 'git') baseline.listing?.saveIn(dir)
  const json = jsonOf(baseline)
  const sha = sha256(json)
  const file = baselineFile(dir, sha)
  if (!fs.existsSync(file)) writeFileWhole(file, gzipSync(json, { level: 6 }))
  return sha
}

/** What canonicalJson would give. Entries hold texts only, so there is nothing to sort in them: a quarter of the memory and time. */
function jsonOf(baseline: Baseline): Buffer {
  const { entries, ...rest } = baseline
  const json = canonicalJson({ ...rest, entries: [] })
  return Buffer.from(json.replace('"entries":[]', () => `"entries":${JSON.stringify(entries)}`))
}

/**
 * Reads a baseline back and checks that it is the one of this name, and that its list of files is there. Also safe for files
 * that an agent wrote.
 * Errors: `baseline-missing`, `baseline-changed`.
 */
export function loadBaseline(dir: string, sha: string): Result<Baseline> {
  if (!/^[0-9a-f]{64}$/.test(sha))
    return fail('baseline-changed', `${JSON.stringify(sha)} is not the name of a baseline`)
  const file = baselineFile(dir, sha)
  const packed = readFileSafe(file, { maxBytes: MOST_BYTES })
  if (!packed.ok)
    return fail(
      packed.error.code === 'missing' ? 'baseline-missing' : 'baseline-changed',
      packed.error.message,
    )
  let json: Buffer
  try {
    json = gunzipSync(packed.value, { maxOutputLength: MOST_UNPACKED })
  } catch (error) {
    return fail('baseline-changed', `${file} cannot be unpacked: ${(error as Error).message}`)
  }
  if (sha256(json) !== sha) return fail('baseline-changed', `${file} does not hold what was saved`)
  const parsed = parseJson(json.toString('utf8'), file)
  if (!parsed.ok) return fail('baseline-changed', parsed.error.message)
  const baseline = readBaseline(parsed.value, dir)
  if (baseline === null) return fail('baseline-changed', `${file} does not hold a baseline`)
  if (
    baseline.kind === 'git' &&
    baseline.listing &&
    !fs.existsSync(listingFile(dir, baseline.listing.sha256))
  )
    return fail('baseline-missing', `${listingFile(dir, baseline.listing.sha256)} does not exist`)
  return ok(baseline)
}

/** The same of several, in their order. */
export function loadBaselines(dir: string, names: readonly string[]): Result<readonly Baseline[]> {
  const all: Baseline[] = []
  for (const name of names) {
    const loaded = loadBaseline(dir, name)
    if (!loaded.ok) return loaded
    all.push(loaded.value)
  }
  return ok(all)
}

/** As loadBaseline, with its list of files unpacked and checked as well. */
export function verifyBaseline(dir: string, sha: string): Result<Baseline> {
  const baseline = loadBaseline(dir, sha)
  const bytes = baseline.ok && baseline.value.kind === 'git' ? baseline.value.listing?.bytes() : undefined
  return bytes && !bytes.ok ? bytes : baseline
}

/** A report out of JSON that anyone may have written. Error: `baseline-malformed`. */
export function parseBaseline(value: unknown): Result<Baseline> {
  const baseline = readBaseline(value, null)
  return baseline
    ? ok(baseline)
    : fail('baseline-malformed', 'this is not a baseline that autonomous-loop wrote')
}
