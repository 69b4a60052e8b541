import fs from 'node:fs'
import path from 'node:path'
import type { Sha256 } from '../base/hash.ts'
import { parseJson } from '../base/json.ts'
import { namesIn } from '../base/names-in.ts'
import { readTextSafe } from '../base/read-file.ts'
import { writeFileWhole } from '../base/write-file.ts'
import type { Comparison } from '../evidence/types.ts'

/*
 * What the workspace of the last release was, path by path, beside the ledger: released-<fingerprint>.json. It only names
 * what differs later; whether anything does is told by the fingerprint in the ledger.
 */

const maxBytes = 64 * 1024 * 1024

type State = Comparison['state']

/** Never fails: without it a change is known and has no name. */
export function keepReleased(dir: string, { fingerprint, state }: Comparison): void {
  try {
    const name = fileName(fingerprint)
    for (const old of namesIn(dir))
      if (old.startsWith('released-') && old !== name) fs.rmSync(path.join(dir, old), { force: true })
    writeFileWhole(path.join(dir, name), JSON.stringify([...state]))
  } catch {
    // A full disk: the release is judged all the same.
  }
}

/** Null when it was not kept. */
export function readReleased(dir: string, fingerprint: Sha256): State | null {
  const text = readTextSafe(path.join(dir, fileName(fingerprint)), { maxBytes })
  const json = text.ok ? parseJson(text.value, 'released state') : text
  if (!json.ok || !Array.isArray(json.value)) return null
  return new Map(json.value as [string, string][])
}

const fileName = (fingerprint: Sha256): string => `released-${fingerprint}.json`
