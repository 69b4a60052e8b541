import { type Result, ok } from '../../base/result.ts'
import { refsNow } from '../../evidence/git/refs.ts'
import { gitObjects, gitOwn, gitPersonObjects, repoOf } from './git.ts'
import { refAt } from './own.ts'
import { heldAmong, copyPack } from './pack.ts'
import { recordRefs } from './stray-refs.ts'
import type { OwnRepository } from './types.ts'

/** What was read anew is known by a ref, which also names it for who cleans up. */
const known = (commit: string): string => `refs/autonomous-loop/known/${commit}`

/**
 * Takes a commit of the person's repository into ours, with its history as far as we lack it. Everything that it holds is read
 * anew and checked as git checks what comes from strangers; nothing of it stays a file that others can write to. Codes:
 * git-failed, where an object is missing or is not what its name says.
 */
export async function bringIn(own: OwnRepository, commit: string): Promise<Result<void>> {
  const before = await refAt(own, known(commit))
  if (!before.ok) return before
  if (before.value !== null) return ok(undefined)
  const history = await bringHistory(own, [commit])
  if (!history.ok) return history
  const objects = await gitObjects(own, {
    args: ['rev-list', '--objects', '--no-object-names', '--no-walk', commit],
  })
  if (!objects.ok) return objects
  const names = objects.value.toString('latin1').trim().split('\n')
  const content = await copyPack(own, {
    from: gitObjects,
    to: gitObjects,
    names,
    reaches: false,
    strict: true,
  })
  if (!content.ok) return content
  const noted = await gitOwn(own, { args: ['update-ref', known(commit), commit] })
  return noted.ok ? ok(undefined) : noted
}

async function bringHistory(own: OwnRepository, tips: readonly string[]): Promise<Result<void>> {
  const held = await heldAmong(own, gitObjects, tips)
  if (!held.ok) return held
  const there = new Set(held.value)
  const missing = tips.filter((tip) => !there.has(tip))
  if (missing.length === 0) return ok(undefined)
  const refs = await refsNow({ ...repoOf(own), gitDir: own.dir }, own.shadow)
  if (!refs.ok) return refs
  // Only what the person's repository has too can be left out of a pack that is made there.
  const oids = refs.value.list.map(([, oid]) => oid)
  const both = await heldAmong(own, gitPersonObjects, oids)
  if (!both.ok) return both
  const names = [...missing, ...both.value.map((one) => `^${one}`)]
  // Old history may have forms that git refuses today, and nothing of it is checked out.
  return copyPack(own, { from: gitPersonObjects, to: gitObjects, names, reaches: true, strict: false })
}

/**
 * Makes the branches, tags and remote-tracking refs of our repository those that the person has now, with what they reach. For the
 * start of a batch: gates ask git for them. Codes: those of git.
 */
export async function bringRefs(own: OwnRepository): Promise<Result<void>> {
  const [theirs, ours] = await Promise.all([
    refsNow({ ...repoOf(own), ...own.person }, own.shadow),
    refsNow({ ...repoOf(own), gitDir: own.dir }, own.shadow),
  ])
  if (!theirs.ok) return theirs
  if (!ours.ok) return ours
  const wanted = new Map(theirs.value.list.filter(([name]) => PERSONS.test(name)))
  const history = await bringHistory(own, [...new Set(wanted.values())])
  if (!history.ok) return history
  const present = new Map(ours.value.list.filter(([name]) => PERSONS.test(name)))
  const gone = [...present.keys()].filter((name) => !wanted.has(name)).map((name) => `delete ${name}\n`)
  const come = [...wanted]
    .filter(([name, oid]) => present.get(name) !== oid)
    .map(([name, oid]) => `update ${name} ${oid}\n`)
  // First what goes: a branch may have the name of a directory of another.
  for (const lines of [gone, come]) {
    if (lines.length === 0) continue
    const set = await gitOwn(own, {
      args: ['update-ref', '--no-deref', '--stdin'],
      input: Buffer.from(lines.join('')),
    })
    if (!set.ok) return set
  }
  recordRefs(own, wanted)
  return ok(undefined)
}

const PERSONS = /^refs\/(?:heads|tags|remotes)\//
