import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { readBlobs } from '../../evidence/git/blobs.ts'
import type { Blob } from '../../evidence/git/parse.ts'
import { attributesOf } from './attributes.ts'
import { heldBy } from './held.ts'
import { gitObjects, line, repoOf } from './git.ts'
import type { OwnRepository } from './types.ts'

/** A file that both sides changed. */
export interface Both {
  readonly path: string
  readonly base: Blob
  readonly ours: Blob
  readonly theirs: Blob
}

/** Of all files that are read at once. Bytes. */
const MOST = 1 << 29

/**
 * Joins files that both sides changed. Gives for each path what it becomes, or the kind of the conflict. How a file is joined
 * (`merge=union`, `-merge`) is the head's own word; no program that it names runs. Codes: could-not-join, and those of git.
 */
export async function mergeContents(
  own: OwnRepository,
  head: string,
  files: readonly Both[],
  scratch: string,
): Promise<Result<ReadonlyMap<string, Blob | string>>> {
  const results = new Map<string, Blob | string>()
  if (files.length === 0) return ok(results)
  const held = await heldBy(own, head)
  if (!held.ok) return held
  const ways = await attributesOf(
    own,
    held.value,
    'merge',
    files.map((file) => file.path),
  )
  if (!ways.ok) return ways
  for (const [at, file] of files.entries()) {
    const { base, ours, theirs } = file
    const kind = ours.kind === base.kind ? theirs.kind : ours.kind
    const oid = oneSided(file)
    const merged = oid === null ? await mergeLines(own, file, ways.value[at]!, scratch) : ok(oid)
    if (!merged.ok) return merged
    results.set(file.path, merged.value === null ? 'contents' : { kind, oid: merged.value })
  }
  return ok(results)
}

/** Only one side changed what is in it: the other its mode. */
function oneSided({ base, ours, theirs }: Both): string | null {
  if (ours.oid === base.oid || ours.oid === theirs.oid) return theirs.oid
  return theirs.oid === base.oid ? ours.oid : null
}

/** Null: a conflict. */
async function mergeLines(
  own: OwnRepository,
  { ours, base, theirs }: Both,
  way: string,
  scratch: string,
): Promise<Result<string | null>> {
  if (way === 'unset' || way === 'binary') return ok(null)
  const texts = await readBlobs(repoOf(own), own.shadow, [ours.oid, base.oid, theirs.oid], MOST)
  if (!texts.ok) return texts
  const places = texts.value.map((text, at) => {
    const place = path.join(scratch, `side-${at}`)
    fs.writeFileSync(place, text ?? '')
    return place
  })
  if (texts.value.includes(null))
    return fail('could-not-join', 'an object of the head or the candidate is missing')
  // Git takes a file with a NUL byte in its beginning for one without lines.
  if (texts.value.some((text) => text?.subarray(0, 8000).includes(0))) return ok(null)
  // Where lines are in conflict they are marked with these words, which stand in no file.
  const mark = randomBytes(16).toString('hex')
  const labels = ['-L', mark, '-L', 'base', '-L', 'work']
  const args = ['merge-file', '-p', '-q', ...(way === 'union' ? ['--union'] : []), ...labels, ...places]
  const merged = await gitObjects(own, { args, accept: CONFLICTS })
  if (!merged.ok) return fail('could-not-join', merged.error.message)
  if (merged.value.includes(mark)) return ok(null)
  return line(await gitObjects(own, { args: ['hash-object', '-w', '--stdin'], input: merged.value }))
}

/** It ends with how many there are, up to this. */
const CONFLICTS = Array.from({ length: 127 }, (_, nth) => nth + 1)
