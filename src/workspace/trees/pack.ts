import fs from 'node:fs'
import path from 'node:path'
import { makeOwned, removeOwned } from '../../base/owned-directory.ts'
import { type Result, ok } from '../../base/result.ts'
import type { GitCall } from '../../evidence/git/run.ts'
import type { OwnRepository } from './types.ts'

/** Git on one of the two repositories. */
type Run = (own: OwnRepository, call: GitCall) => Promise<Result<Buffer>>

export interface Copying {
  readonly from: Run
  readonly to: Run
  /** Lines for `git pack-objects`. */
  readonly names: readonly string[]
  /** The names are commits, of which is packed what they reach. */
  readonly reaches: boolean
  /** Refuse what git refuses from strangers. */
  readonly strict: boolean
}

/**
 * Copies objects from one repository to the other as a pack, which is read anew on arrival: every object is what its name says. By
 * way of a file, because it may be larger than memory. Codes: those of git.
 */
export async function copyPack(
  own: OwnRepository,
  { from, to, names, reaches, strict }: Copying,
): Promise<Result<void>> {
  const scratch = makeOwned(path.join(own.data, 'scratch'))
  const file = path.join(scratch, 'pack')
  try {
    const packed = await withFile(file, 'wx', (descriptor) =>
      from(own, {
        args: ['pack-objects', '--stdout', '-q', ...(reaches ? ['--revs'] : [])],
        input: Buffer.from(names.map((name) => `${name}\n`).join('')),
        to: descriptor,
      }),
    )
    if (!packed.ok) return packed
    const taken = await withFile(file, 'r', (descriptor) =>
      to(own, { args: ['index-pack', '--stdin', ...(strict ? ['--strict'] : [])], from: descriptor }),
    )
    return taken.ok ? ok(undefined) : taken
  } finally {
    removeOwned(scratch)
  }
}

async function withFile<T>(file: string, flags: string, run: (descriptor: number) => Promise<T>): Promise<T> {
  const descriptor = fs.openSync(file, flags, 0o600)
  try {
    return await run(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Of these objects, those that a repository has. Codes: those of git. */
export async function heldAmong(
  own: OwnRepository,
  run: Run,
  oids: Iterable<string>,
): Promise<Result<string[]>> {
  const asked = await run(own, {
    args: ['cat-file', '--batch-check=%(objectname)'],
    input: Buffer.from([...new Set(oids)].map((oid) => `${oid}\n`).join('')),
  })
  if (!asked.ok) return asked
  const lines = asked.value.toString('latin1').split('\n')
  return ok(lines.filter((one) => /^[0-9a-f]+$/.test(one)))
}
