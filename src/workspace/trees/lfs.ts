import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { readBlobs } from '../../evidence/git/blobs.ts'
import { commitPaths } from '../../evidence/git/sides.ts'
import { attributesOf } from './attributes.ts'
import { gitObjects, repoOf } from './git.ts'
import { lfsStore } from './lfs-settings.ts'
import type { Held } from './rules.ts'
import type { OwnRepository } from './types.ts'

/** What git holds in place of a large file. */
const POINTER =
  /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:[^\n]*\n)*?oid sha256:([0-9a-f]{64})\nsize \d+\n/
/** No pointer is longer. Bytes. */
const MOST = 1024

/**
 * Brings the large files of a tree into our store, from the person's; nothing comes over a network. Codes: worktree-failed (one is
 * not on this machine), and those of git.
 */
export async function fetchLarge(own: OwnRepository, held: Held): Promise<Result<void>> {
  const oids = await largeIn(own, held)
  if (!oids.ok) return oids
  for (const oid of oids.value) {
    const copied = copyLarge(oid, path.join(own.person.commonDir, 'lfs'), lfsStore(own))
    if (copied === null) continue
    return fail('worktree-failed', `the large file ${oid} of git-lfs is not here: ${copied}`, {
      fix: 'git lfs fetch --all',
    })
  }
  return ok(undefined)
}

/** Brings the large files that these commits hold into the person's store. Codes: land-refused (one is lost), and those of git. */
export async function sendLarge(own: OwnRepository, commits: readonly string[]): Promise<Result<void>> {
  for (const commit of own.lfs === null ? [] : commits) {
    const held = await commitPaths(repoOf(own), own.shadow, commit)
    if (!held.ok) return held
    const oids = await largeIn(own, held.value)
    if (!oids.ok) return oids
    for (const oid of oids.value) {
      const copied = copyLarge(oid, lfsStore(own), path.join(own.person.commonDir, 'lfs'))
      if (copied !== null)
        return fail('land-refused', `the large file ${oid} of ${commit} cannot be copied: ${copied}`)
    }
  }
  return ok(undefined)
}

async function largeIn(own: OwnRepository, held: Held): Promise<Result<string[]>> {
  if (own.lfs === null) return ok([])
  const files = [...held].flatMap(([file, blob]): [string, string][] =>
    blob === null || blob.kind === 'l' ? [] : [[file, blob.oid]],
  )
  const filters = await attributesOf(
    own,
    held,
    'filter',
    files.map(([file]) => file),
  )
  if (!filters.ok) return filters
  const blobs = files.flatMap(([, oid], at) => (filters.value[at] === 'lfs' ? [oid] : []))
  const small = await smallAmong(own, blobs)
  if (!small.ok) return small
  const texts = await readBlobs(repoOf(own), own.shadow, small.value, 1 << 30)
  if (!texts.ok) return texts
  return ok(texts.value.flatMap((text) => POINTER.exec(text?.toString('latin1') ?? '')?.[1] ?? []))
}

async function smallAmong(own: OwnRepository, oids: readonly string[]): Promise<Result<string[]>> {
  if (oids.length === 0) return ok([])
  const input = Buffer.from(oids.map((oid) => `${oid}\n`).join(''))
  const said = await gitObjects(own, {
    args: ['cat-file', '--batch-check=%(objectname) %(objectsize)'],
    input,
  })
  if (!said.ok) return said
  const lines = said.value.toString('latin1').trim().split('\n')
  return ok(lines.flatMap((one) => (Number(one.split(' ')[1]) <= MOST ? [one.split(' ')[0]!] : [])))
}

/** Null: it is there. Else why it is not. */
function copyLarge(oid: string, from: string, to: string): string | null {
  const place = path.join('objects', oid.slice(0, 2), oid.slice(2, 4), oid)
  const target = path.join(to, place)
  if (fs.existsSync(target)) return null
  const part = `${target}.${process.pid}`
  try {
    fs.mkdirSync(path.dirname(target), { recursive: true })
    fs.copyFileSync(path.join(from, place), part, fs.constants.COPYFILE_FICLONE)
    fs.renameSync(part, target)
    return null
  } catch (error) {
    fs.rmSync(part, { force: true })
    return systemWords(error)
  }
}
