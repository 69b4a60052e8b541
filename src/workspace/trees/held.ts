import { type Result, ok } from '../../base/result.ts'
import { parseRaw } from '../../evidence/git/parse.ts'
import { commitPaths } from '../../evidence/git/sides.ts'
import { directoriesOf } from '../layer.ts'
import { gitObjects, repoOf } from './git.ts'
import type { Held } from './rules.ts'
import type { OwnRepository } from './types.ts'

/** Head, base and joined tree. Each takes its table of names; the names themselves are one another's. */
const MOST = 3

interface Listed {
  readonly name: string
  readonly held: Held
}

const recent = new WeakMap<OwnRepository, Listed[]>()

/**
 * What a commit or tree holds, by its full name. Another one of a moment ago is a few files away: git is asked for those instead of
 * for a hundred thousand. Codes: those of git.
 */
export async function heldBy(own: OwnRepository, name: string): Promise<Result<Held>> {
  const known = recent.get(own) ?? []
  const had = known.find((one) => one.name === name)
  const held = had === undefined ? await askedFor(own, known[0], name) : ok(had.held)
  if (held.ok && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name))
    recent.set(
      own,
      [{ name, held: held.value }, ...(recent.get(own) ?? []).filter((one) => one.name !== name)].slice(
        0,
        MOST,
      ),
    )
  return held
}

async function askedFor(own: OwnRepository, near: Listed | undefined, name: string): Promise<Result<Held>> {
  if (near !== undefined) {
    const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', near.name, name]
    const differs = await gitObjects(own, { args })
    // A submodule and nothing look the same in it.
    if (differs.ok && !differs.value.includes('160000 ')) {
      const held = new Map(near.held)
      for (const { path, after } of parseRaw(differs.value)) {
        if (after === null) held.delete(path)
        else held.set(path, after)
      }
      return ok(held)
    }
  }
  return commitPaths(repoOf(own), own.shadow, name)
}

const directories = new WeakMap<Held, ReadonlySet<string>>()

/** Every directory that has one of its files, at any depth. */
export function directoriesIn(held: Held): ReadonlySet<string> {
  const known = directories.get(held) ?? directoriesOf(held.keys())
  directories.set(held, known)
  return known
}
