import path from 'node:path'
import { parseJson } from '../../base/json.ts'
import { namesIn } from '../../base/names-in.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, ok } from '../../base/result.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { refsNow } from '../../evidence/git/refs.ts'
import { gitObjects, gitOwn, repoOf } from './git.ts'
import { adminOf } from './paths.ts'
import type { OwnRepository } from './types.ts'

type Refs = ReadonlyMap<string, string>

/** A ref of our repository that somebody else made, moved or removed. Null: it is not there. */
export interface StrayRef {
  readonly name: string
  readonly now: string | null
  readonly was: string | null
}

const OURS = 'refs/autonomous-loop/'
const fileOf = (own: OwnRepository): string => path.join(own.data, 'refs.json')

/** Puts on record which refs a batch begins with, besides ours. Throws what the file system says. */
export function recordRefs(own: OwnRepository, refs: Refs): void {
  writeFileWhole(fileOf(own), JSON.stringify([...refs]))
}

/**
 * What an agent without a sandbox made of the refs of our repository, as far as no other worktree stands on it. Its commits are work,
 * and perhaps nowhere else; and the next agent would find its branches. `name`: of the worktree. Codes: those of git.
 */
export async function strayRefs(own: OwnRepository, name: string): Promise<Result<readonly StrayRef[]>> {
  const read = readTextSafe(fileOf(own), { maxBytes: 1 << 28 })
  const json = read.ok ? parseJson(read.value, 'refs') : read
  if (!json.ok) return ok([])
  const before: Refs = new Map(json.value as [string, string][])
  const listed = await refsNow({ ...repoOf(own), gitDir: own.dir }, own.shadow)
  if (!listed.ok) return listed
  const now: Refs = new Map(listed.value.list.filter(([ref]) => !ref.startsWith(OURS)))
  const inUse = headsOfOthers(own, name)
  return ok(
    [...new Set([...now.keys(), ...before.keys()])]
      .filter((ref) => now.get(ref) !== before.get(ref) && !inUse.has(ref))
      .map((ref) => ({ name: ref, now: now.get(ref) ?? null, was: before.get(ref) ?? null })),
  )
}

function headsOfOthers(own: OwnRepository, name: string): ReadonlySet<string> {
  const others = namesIn(path.join(own.dir, 'worktrees')).filter((one) => one !== name)
  return new Set(
    others.flatMap((one) => {
      const head = readTextSafe(path.join(adminOf(own, one), 'HEAD'), { maxBytes: 1 << 12 })
      return head.ok && head.value.startsWith('ref:') ? [head.value.slice('ref:'.length).trim()] : []
    }),
  )
}

/** The commits that stray refs name; a tag counts as its commit. Codes: those of git. */
export async function commitsOf(
  own: OwnRepository,
  strays: readonly StrayRef[],
): Promise<Result<readonly string[]>> {
  const named = strays.flatMap(({ now }) => (now === null ? [] : [`${now}^{commit}\n`]))
  if (named.length === 0) return ok([])
  const asked = await gitObjects(own, {
    args: ['cat-file', '--batch-check=%(objectname) %(objecttype)'],
    input: Buffer.from(named.join('')),
  })
  if (!asked.ok) return asked
  const lines = asked.value.toString('latin1').split('\n')
  return ok([...new Set(lines.flatMap((one) => /^([0-9a-f]+) commit$/.exec(one)?.[1] ?? []))])
}

/** Makes them what they were. Their commits must be kept. Codes: those of git. */
export async function restoreRefs(own: OwnRepository, strays: readonly StrayRef[]): Promise<Result<void>> {
  const gone = strays.flatMap(({ name, now }) => (now === null ? [] : [`delete ${name} ${now}\n`]))
  const back = strays.flatMap(({ name, was }) => (was === null ? [] : [`create ${name} ${was}\n`]))
  // First what goes: a branch may have the name of a directory of another.
  for (const lines of [gone, back]) {
    if (lines.length === 0) continue
    const args = ['update-ref', '--no-deref', '--stdin']
    const set = await gitOwn(own, { args, input: Buffer.from(lines.join('')) })
    if (!set.ok) return set
  }
  return ok(undefined)
}
