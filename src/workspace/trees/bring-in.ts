import fs from 'node:fs'
import path from 'node:path'
import { makeOwned, removeOwned } from '../../base/owned-directory.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { gitObjects, gitOwn, gitPersonObjects, line } from './git.ts'
import { refAt } from './own.ts'
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
  const refs = await gitOwn(own, { args: ['for-each-ref', '--format=%(objectname)'] })
  if (!refs.ok) return refs
  const held = await gitObjects(own, { args: ['cat-file', '-t', commit], accept: [128] })
  if (!held.ok) return held
  if (held.value.toString('latin1').trim() !== 'commit') {
    const without = await knownToPerson(own, [...new Set(refs.value.toString('latin1').trim().split('\n'))])
    if (!without.ok) return without
    const history = await copyPack(
      own,
      'history',
      ['--revs'],
      [commit, ...without.value.map((one) => `^${one}`)],
    )
    if (!history.ok) return history
  }
  const objects = await gitObjects(own, {
    args: ['rev-list', '--objects', '--no-object-names', '--no-walk', commit],
  })
  if (!objects.ok) return objects
  const content = await copyPack(own, 'content', [], objects.value.toString('latin1').trim().split('\n'))
  if (!content.ok) return content
  const noted = await gitOwn(own, { args: ['update-ref', known(commit), commit] })
  return noted.ok ? ok(undefined) : noted
}

/** Of these, what the person's repository has too: only that can be left out of a pack made there. */
async function knownToPerson(own: OwnRepository, oids: readonly string[]): Promise<Result<string[]>> {
  const asked = await gitPersonObjects(own, {
    args: ['cat-file', '--batch-check=%(objectname) %(objecttype)'],
    input: Buffer.from(
      oids
        .filter((oid) => oid !== '')
        .map((oid) => `${oid}\n`)
        .join(''),
    ),
  })
  if (!asked.ok) return asked
  const lines = asked.value.toString('latin1').split('\n')
  return ok(lines.flatMap((one) => (one.endsWith(' commit') ? [one.slice(0, one.indexOf(' '))] : [])))
}

/** A pack of what the names say, from the person's objects (history) or from ours (content), into ours. */
async function copyPack(
  own: OwnRepository,
  what: 'history' | 'content',
  options: readonly string[],
  names: readonly string[],
): Promise<Result<void>> {
  const scratch = makeOwned(path.join(own.data, 'scratch'))
  const file = path.join(scratch, 'pack')
  try {
    const pack = await toFile(file, (to) =>
      (what === 'history' ? gitPersonObjects : gitObjects)(own, {
        args: ['pack-objects', '--stdout', '-q', ...options],
        input: Buffer.from(names.map((name) => `${name}\n`).join('')),
        to,
      }),
    )
    if (!pack.ok) return pack
    const taken = await fromFile(file, (from) =>
      gitObjects(own, {
        // Old history may have forms that git refuses today, and nothing of it is checked out.
        args: ['index-pack', '--stdin', ...(what === 'content' ? ['--strict'] : [])],
        from,
      }),
    )
    const said = line(taken)
    if (!said.ok) return said
    return /[0-9a-f]{40}/.test(said.value)
      ? ok(undefined)
      : fail('git-failed', `git index-pack said ${said.value}`)
  } finally {
    removeOwned(scratch)
  }
}

async function toFile<T>(file: string, run: (to: number) => Promise<T>): Promise<T> {
  const to = fs.openSync(file, 'wx', 0o600)
  try {
    return await run(to)
  } finally {
    fs.closeSync(to)
  }
}

async function fromFile<T>(file: string, run: (from: number) => Promise<T>): Promise<T> {
  const from = fs.openSync(file, 'r')
  try {
    return await run(from)
  } finally {
    fs.closeSync(from)
  }
}
