import { type Result, fail, ok } from '../../base/result.ts'
import { listOthers } from '../../evidence/git/others.ts'
import type { RawChange } from '../../evidence/git/parse.ts'
import type { Change, ChangeKind } from '../../evidence/types.ts'
import { addToIndex } from './add.ts'
import { commitTree, setRef } from './commit.ts'
import { differencesOf } from './differences.ts'
import { findingsIn } from './findings.ts'
import { gitIn, line, repoOf } from './git.ts'
import { heldBy } from './held.ts'
import { GITLINK, readIndex } from './own-index.ts'
import { placeOf } from './paths.ts'
import { type Held, ignoreFilesIn, ignoredIn } from './rules.ts'
import type { Candidate, Finding, OwnRepository, TreePlace, Worktree } from './types.ts'
import { type Walked, walkTree } from './walk-tree.ts'

export interface CandidateOptions {
  readonly message: string
  /** Milliseconds since the epoch, for the commit. */
  readonly at: number
}

/**
 * What an agent left in a worktree, as a commit on the base. Its own commits, index, refs, ignore rules and settings count for
 * nothing: what differs is looked up in the files themselves. Nothing is captured while there are findings. The ref is set.
 * Codes: candidate-failed (with git's words: the work cannot be stored), and those of git for everything before that.
 */
export async function takeCandidate(
  own: OwnRepository,
  worktree: Worktree,
  base: string,
  ref: string,
  { message, at }: CandidateOptions,
): Promise<Result<Candidate>> {
  const place = placeOf(own, worktree.name)
  const held = await heldBy(own, base)
  if (!held.ok) return held
  const rules = await ignoreFilesIn(own, held.value)
  if (!rules.ok) return rules
  const ignored = await ignoredIn(own, place, rules.value)
  if (!ignored.ok) return ignored
  const walked = walkTree(
    place.dir,
    (one) => !ignored.value.has(one) && held.value.get(one) !== null && !one.endsWith('/.git'),
  )
  const closed = walked.closed[0]
  if (closed !== undefined)
    return fail('candidate-failed', `the directory ${closed || '.'} of the work cannot be read`)
  const findings = findingsIn(own, place.dir, held.value, walked, ignored.value)
  if (findings.length > 0) return ok({ kind: 'findings', findings })
  const added = await addToIndex(own, place, held.value, walked, () =>
    listOthers(repoOf(own, place), own.shadow, rules.value, { within: [], passOver: [] }),
  )
  if (!added.ok) return fail('candidate-failed', added.error.message)
  return store(own, place, held.value, { walked, base, ref, message, at })
}

interface Storing extends CandidateOptions {
  readonly walked: Walked
  readonly base: string
  readonly ref: string
}

async function store(
  own: OwnRepository,
  place: TreePlace,
  held: Held,
  { base, ref, message, at }: Storing,
): Promise<Result<Candidate>> {
  const tree = line(await gitIn(own, place, { args: ['write-tree'] }))
  if (!tree.ok) return fail('candidate-failed', tree.error.message)
  const differs = await differencesOf(own, base, tree.value)
  if (!differs.ok) return differs
  const raw = differs.value
  // Only where nothing seems to follow may a submodule be.
  const isSure = raw.every(({ after }) => after !== null)
  const gitlinks = changedGitlinks(raw, held, isSure ? new Map() : readIndex(place.index, own.format))
  if (gitlinks.length > 0) return ok({ kind: 'findings', findings: gitlinks })
  const { identity } = own.person
  const commit = await commitTree(own, { tree: tree.value, parents: [base], message, identity, at })
  if (!commit.ok) return commit
  const set = await setRef(own, ref, commit.value)
  if (!set.ok) return set
  const changed = raw.map(({ path, before, after }): Change => ({ path, kind: kindOf(before, after) }))
  return ok({
    kind: 'candidate',
    tree: tree.value,
    commit: commit.value,
    changed,
    untouched: raw.length === 0,
  })
}

function changedGitlinks(
  raw: readonly RawChange[],
  held: Held,
  index: ReturnType<typeof readIndex>,
): Finding[] {
  return raw.flatMap(({ path }): Finding[] =>
    held.get(path) === null || index.get(path)?.mode === GITLINK ? [{ kind: 'gitlink', path }] : [],
  )
}

function kindOf(before: RawChange['before'], after: RawChange['after']): ChangeKind {
  if (before === null) return 'added'
  if (after === null) return 'removed'
  if (before.oid !== after.oid)
    return before.kind === 'l' || after.kind === 'l' ? sameLink(before, after) : 'modified'
  return before.kind === 'l' || after.kind === 'l' ? 'type' : 'mode'
}

function sameLink(
  before: NonNullable<RawChange['before']>,
  after: NonNullable<RawChange['after']>,
): ChangeKind {
  return before.kind === after.kind ? 'modified' : 'type'
}
