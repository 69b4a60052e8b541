import path from 'node:path'
import { makeOwned, removeOwned } from '../../base/owned-directory.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import type { Blob, RawChange } from '../../evidence/git/parse.ts'
import { directoriesOf, isAtOrBelow } from '../layer.ts'
import { differencesOf } from './differences.ts'
import { entryLine } from './entries.ts'
import { gitIn, gitObjects, line } from './git.ts'
import { type Marks, markedFiles } from './marked-files.ts'
import { type Both, mergeContents } from './merge-contents.ts'
import type { Conflict, Joined, OwnRepository } from './types.ts'

/**
 * Joins a candidate with the present head, path by path. No rename is guessed: an edit of a file that was renamed on the head would
 * go to a place that the item may not write to. Git's own merge guesses renames before 2.50 whatever its settings say, so the head
 * gets the candidate's differences here, and git only joins the lines of a file that both changed. `marks`: a tree in which conflicts
 * are marked is made too. Codes: could-not-join, which is nobody's fault in the work, and those of git.
 */
export async function join(
  own: OwnRepository,
  head: string,
  candidate: string,
  base: string,
  marks: Marks | null = null,
): Promise<Result<Joined>> {
  if (head === base) {
    const whole = await onlyCommitOn(own, base, candidate)
    if (!whole.ok || whole.value !== null)
      return whole.ok ? ok({ kind: 'joined', tree: whole.value! }) : whole
  }
  const bases = await gitObjects(own, { args: ['merge-base', '--all', head, candidate], accept: [1] })
  if (!bases.ok) return bases
  const found = bases.value.toString('latin1').trim()
  if (found !== base) {
    const meeting = found.replace(/\n/g, ', ') || 'no commit'
    return fail('could-not-join', `${candidate} and the head ${head} meet at ${meeting}, not at ${base}`)
  }
  const [ours, theirs] = await Promise.all([
    differencesOf(own, base, head),
    differencesOf(own, base, candidate),
  ])
  if (!ours.ok) return ours
  if (!theirs.ok) return theirs
  const scratch = makeOwned(path.join(own.data, 'scratch'))
  try {
    return await joinIn(own, head, ours.value, theirs.value, scratch, marks)
  } finally {
    removeOwned(scratch)
  }
}

/** The tree of a commit whose only parent is this one: with nothing else on the head, that is the join. Null: it is another one. */
async function onlyCommitOn(
  own: OwnRepository,
  parent: string,
  commit: string,
): Promise<Result<string | null>> {
  const asked = line(await gitObjects(own, { args: ['rev-parse', `${commit}^@`, `${commit}^{tree}`] }))
  if (!asked.ok) return asked
  const [first, tree, ...more] = asked.value.split('\n')
  return ok(first === parent && tree !== undefined && more.length === 0 ? tree : null)
}

async function joinIn(
  own: OwnRepository,
  head: string,
  ours: readonly RawChange[],
  theirs: readonly RawChange[],
  scratch: string,
  marks: Marks | null,
): Promise<Result<Joined>> {
  const there = new Map(ours.map((change) => [change.path, change]))
  const conflicts = fileAndDirectory(ours, theirs)
  const wanted = new Map<string, Blob | null>()
  const both: Both[] = []
  for (const { path: one, before, after } of theirs) {
    const other = there.get(one)
    if (other === undefined) wanted.set(one, after)
    else if (!isEqual(other.after, after)) {
      const side = sides(one, before, other.after, after)
      if (side.kind === 'conflict') conflicts.push({ path: one, kind: side.why })
      else both.push(side.file)
    }
  }
  const merged = await mergeContents(own, head, both, scratch)
  if (!merged.ok) return merged
  for (const [one, result] of merged.value) {
    if (typeof result === 'string') conflicts.push({ path: one, kind: result })
    else wanted.set(one, result)
  }
  if (conflicts.length > 0) {
    const paths = conflicts.sort((a, b) => (a.path < b.path ? -1 : 1))
    const marked = marks === null ? ok(null) : await markedFiles(own, { ours, theirs, paths }, marks, scratch)
    if (!marked.ok) return marked
    if (marked.value === null) return ok({ kind: 'conflict', paths, marked: null })
    for (const [one, blob] of marked.value) wanted.set(one, blob)
    const tree = await treeOf(own, head, wanted, scratch)
    return tree.ok ? ok({ kind: 'conflict', paths, marked: tree.value }) : tree
  }
  const tree = await treeOf(own, head, wanted, scratch)
  return tree.ok ? ok({ kind: 'joined', tree: tree.value }) : tree
}

function sides(
  one: string,
  base: Blob | null,
  ours: Blob | null,
  theirs: Blob | null,
): { readonly kind: 'both'; readonly file: Both } | { readonly kind: 'conflict'; readonly why: string } {
  if (base === null) return { kind: 'conflict', why: 'add/add' }
  if (ours === null || theirs === null) return { kind: 'conflict', why: 'modify/delete' }
  if ([base, ours, theirs].some(({ kind }) => kind === 'l'))
    return { kind: 'conflict', why: 'distinct types' }
  return { kind: 'both', file: { path: one, base, ours, theirs } }
}

/** A file on one side stands where the other has a directory. */
function fileAndDirectory(ours: readonly RawChange[], theirs: readonly RawChange[]): Conflict[] {
  const came = new Set(ours.flatMap((change) => (change.after === null ? [] : [change.path])))
  const directories = directoriesOf(came)
  const gone = new Set(theirs.flatMap(({ path: one, after }) => (after === null ? [one] : [])))
  const files = new Set([...came].filter((file) => !gone.has(file)))
  return theirs.flatMap(({ path: one, after }): Conflict[] =>
    after !== null && (directories.has(one) || isAtOrBelow(path.posix.dirname(one), files))
      ? [{ path: one, kind: 'file/directory' }]
      : [],
  )
}

function isEqual(a: Blob | null, b: Blob | null): boolean {
  return a === null || b === null ? a === b : a.oid === b.oid && a.kind === b.kind
}

async function treeOf(
  own: OwnRepository,
  head: string,
  wanted: ReadonlyMap<string, Blob | null>,
  scratch: string,
): Promise<Result<string>> {
  const place = { dir: scratch, index: path.join(scratch, 'index') }
  const read = await gitIn(own, place, { args: ['read-tree', head] })
  if (!read.ok) return read
  // What goes first makes room for what comes.
  const records = [...wanted].sort(([, a], [, b]) => Number(a !== null) - Number(b !== null))
  const args = ['update-index', '-z', '--add', '--index-info']
  const set = await gitIn(own, place, {
    args,
    input: Buffer.concat(records.map(([one, blob]) => entryLine(own, one, blob))),
  })
  if (!set.ok) return fail('could-not-join', set.error.message)
  return line(await gitIn(own, place, { args: ['write-tree'] }))
}
