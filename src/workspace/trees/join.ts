import fs from 'node:fs'
import path from 'node:path'
import { makeOwned, removeOwned } from '../../base/owned-directory.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { readBlobs } from '../../evidence/git/blobs.ts'
import { splitNul } from '../../evidence/git/parse.ts'
import { commitPaths } from '../../evidence/git/sides.ts'
import { fsPath, pathText } from '../../evidence/path-text.ts'
import { gitObjects, repoOf } from './git.ts'
import type { Conflict, Joined, OwnRepository } from './types.ts'

/** Of all `.gitattributes` files of a commit together. Bytes. */
const MOST = 64 << 20

/**
 * Joins a candidate with the present head. No rename is guessed: an edit of a file that was renamed on the head would go to a
 * place that the item may not write to. Codes: could-not-join, which is nobody's fault in the work, and those of git.
 */
export async function join(
  own: OwnRepository,
  head: string,
  candidate: string,
  base: string,
): Promise<Result<Joined>> {
  const bases = await gitObjects(own, { args: ['merge-base', '--all', head, candidate], accept: [1] })
  if (!bases.ok) return bases
  const found = bases.value.toString('latin1').trim()
  if (found !== base)
    return fail(
      'could-not-join',
      `${candidate} and the head ${head} meet at ${found.replace(/\n/g, ', ') || 'no commit'}, not at ${base}`,
    )
  const scratch = makeOwned(path.join(own.data, 'scratch'))
  try {
    const rules = await writeAttributes(own, head, scratch)
    if (!rules.ok) return rules
    const merged = await gitObjects(own, {
      args: [...SETTINGS, 'merge-tree', '--write-tree', '-z', '--name-only', '--messages', head, candidate],
      accept: [1],
      env: { GIT_WORK_TREE: scratch },
      cwd: scratch,
    })
    if (!merged.ok) return fail('could-not-join', merged.error.message)
    return parse(merged.value)
  } finally {
    removeOwned(scratch)
  }
}

const SETTINGS = ['renames', 'directoryRenames', 'renormalize'].flatMap((name) => [
  '-c',
  `merge.${name}=false`,
])

/** How a file is joined (`merge=union`, `-merge`) is read from a work tree: one that has the head's own words, and nothing else. */
async function writeAttributes(own: OwnRepository, head: string, dir: string): Promise<Result<void>> {
  const held = await commitPaths(repoOf(own), own.shadow, head)
  if (!held.ok) return held
  const files = [...held.value].flatMap(([file, blob]): [string, string][] =>
    /(?:^|\/)\.gitattributes$/.test(file) && blob !== null && blob.kind !== 'l' ? [[file, blob.oid]] : [],
  )
  const texts = await readBlobs(
    repoOf(own),
    own.shadow,
    files.map(([, oid]) => oid),
    MOST,
  )
  if (!texts.ok) return texts
  for (const [at, [file]] of files.entries()) {
    const place = fsPath(dir, file)
    fs.mkdirSync(fsPath(dir, path.dirname(file)), { recursive: true })
    fs.writeFileSync(place, texts.value[at] ?? '')
  }
  return ok(undefined)
}

/** The tree; the names that are in conflict; nothing; then per message: how many names, the names, the kind, the words. */
function parse(output: Buffer): Result<Joined> {
  const [tree, ...rest] = splitNul(output).map(pathText)
  if (tree === undefined) return fail('could-not-join', 'git merge-tree said nothing')
  const gap = rest.indexOf('')
  const names = gap < 0 ? rest : rest.slice(0, gap)
  if (names.length === 0) return ok({ kind: 'joined', tree })
  const kinds = gap < 0 ? new Map<string, string>() : kindsIn(rest.slice(gap + 1))
  return ok({
    kind: 'conflict',
    paths: names.map((name): Conflict => ({ path: name, kind: kinds.get(name) ?? 'contents' })),
  })
}

function kindsIn(fields: readonly string[]): ReadonlyMap<string, string> {
  const kinds = new Map<string, string>()
  for (let at = 0; at < fields.length;) {
    const count = Number(fields[at])
    if (!Number.isInteger(count)) break
    const kind = fields[at + 1 + count] ?? ''
    const said = /^CONFLICT \((.*)\)$/.exec(kind)?.[1]
    if (said !== undefined) for (const name of fields.slice(at + 1, at + 1 + count)) kinds.set(name, said)
    at += count + 3
  }
  return kinds
}
