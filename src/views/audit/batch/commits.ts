import fs from 'node:fs'
import { type Result, ok } from '../../../base/result.ts'
import { refs } from '../../../supervisor/batch/paths.ts'
import { KEEP_MS } from '../../../supervisor/orders/plan-clean.ts'
import type { BatchEvent } from '../../../supervisor/record/events.ts'
import type { BatchState } from '../../../supervisor/record/state.ts'
import { personHolds, treeOf, treesBetween } from '../../../workspace/trees/look-commits.ts'
import { isAncestor } from '../../../workspace/trees/own.ts'
import { personBranch } from '../../../workspace/trees/person-trees.ts'
import type { OwnRepository } from '../../../workspace/trees/types.ts'
import type { AttemptRecord } from '../../show/attempts.ts'
import { type BatchFinding, KEEP, broken, suspect } from './types.ts'

export interface Commits {
  readonly commits: number
  readonly refs: number
  readonly findings: readonly BatchFinding[]
}

export interface CommitsAsked {
  readonly own: OwnRepository
  readonly state: BatchState
  readonly events: readonly BatchEvent[]
  readonly attempts: readonly AttemptRecord[]
  /** As they were before the ledger was read: a head that moves meanwhile is on record first. */
  readonly ours: ReadonlyMap<string, string>
  readonly isAlive: boolean
  readonly now: number
}

/** Holds the commits and refs that a batch names against our repository, and what was landed against the person's. Codes: those of git. */
export async function commitFindings(asked: CommitsAsked): Promise<Result<Commits>> {
  const head = headFindings(asked)
  const moves = await moveFindings(asked)
  if (!moves.ok) return moves
  const kept = keptFindings(asked)
  const landed = await landedFindings(asked)
  if (!landed.ok) return landed
  return ok({
    commits: moves.value.commits,
    refs: kept.refs + 1,
    findings: [...head, ...moves.value.findings, ...kept.findings, ...landed.value],
  })
}

const short = (commit: string): string => commit.slice(0, 12)

/** The head is where the ledger has it, or on its way there. */
function headFindings({ state, events, ours, isAlive }: CommitsAsked): readonly BatchFinding[] {
  const { opened, head } = state
  const ref = refs.head(opened.batch)
  const now = ours.get(ref) ?? null
  const onItsWay = [...state.attempts.values()].flatMap(({ stage }) =>
    stage.at === 'integrating' ? [stage.commit] : [],
  )
  const before = events.flatMap(({ type, data }) =>
    isAlive && (type === 'integrated' || type === 'taken') ? [data.from] : [],
  )
  const expected = [head, ...onItsWay, ...(state.taking === null ? [] : [state.taking.commit]), ...before]
  if (now !== null ? expected.includes(now) : head === opened.base && state.begun === 0) return []
  return [
    broken(
      'head-elsewhere',
      `the head is at ${now === null ? 'nothing' : short(now)}, and the record has it at ${short(head)}`,
      { where: ref, todo: KEEP },
    ),
  ]
}

/** Each commit that the head moved to is there, holds the tree that was judged, and is part of the head. */
async function moveFindings({
  own,
  state,
  attempts,
  events,
}: CommitsAsked): Promise<Result<Omit<Commits, 'refs'>>> {
  const { opened, head } = state
  const base = await treeOf(own, opened.base)
  if (!base.ok) return base
  if (base.value === null)
    return ok({
      commits: 1,
      findings: [
        broken('base-gone', 'the commit that the batch began from is gone', {
          where: opened.base,
          todo: GONE,
        }),
      ],
    })
  const findings: BatchFinding[] = []
  // Where the head itself is gone, nothing is part of it.
  const isThere = await treeOf(own, head)
  if (!isThere.ok) return isThere
  const inHead =
    isThere.value === null ? ok(new Map<string, string>()) : await treesBetween(own, opened.base, head)
  if (!inHead.ok) return inHead
  const moves = movesOf(attempts, events)
  for (const { commit, judged, name, at } of moves) {
    const place = { where: commit, todo: KEEP, at }
    const tree = inHead.value.get(commit)
    const there = tree === undefined ? await treeOf(own, commit) : ok(tree)
    if (!there.ok) return there
    if (there.value === null)
      findings.push(broken('commit-gone', `${name}: its commit is gone`, { ...place, todo: GONE }))
    else if (tree === undefined)
      findings.push(
        broken('commit-not-in-head', `${name}: its commit is not part of the head ${short(head)}`, place),
      )
    if (judged !== null && there.value !== null && there.value !== judged)
      findings.push(
        broken(
          'tree-differs',
          `${name}: its commit holds the tree ${short(there.value)}, and ${short(judged)} was judged`,
          place,
        ),
      )
  }
  return ok({ commits: moves.length + 1, findings })
}

const GONE =
  'fetch it back into the repository if somebody else has it; else nothing of the batch can be landed'

interface HeadMove {
  readonly name: string
  readonly commit: string
  /** Null: a commit of the person's, whose gates were asked. */
  readonly judged: string | null
  readonly at: number
}

function movesOf(attempts: readonly AttemptRecord[], events: readonly BatchEvent[]): readonly HeadMove[] {
  const integrated = attempts.flatMap(({ item, attempt, integrated: done, looks }): HeadMove[] => {
    if (done === null) return []
    const last = looks.findLast((one) => one.kind === 'judged')
    const judged = last?.kind === 'judged' ? last.verdict.tree : null
    return [{ name: `attempt ${attempt} at ${item}`, commit: done.commit, judged, at: done.at }]
  })
  const taken = events.flatMap((event): HeadMove[] =>
    event.type === 'taken'
      ? [
          {
            name: `your commit ${short(event.data.theirs)}`,
            commit: event.data.commit,
            judged: null,
            at: event.at,
          },
        ]
      : [],
  )
  return [...integrated, ...taken]
}

/** What an attempt left that nobody integrated is there, unless its item was landed long ago and `clean` may have had it. */
function keptFindings({ state, attempts, ours, now }: CommitsAsked): Omit<Commits, 'commits'> {
  const findings: BatchFinding[] = []
  let looked = 0
  const { batch } = state.opened
  for (const { item, attempt, candidate, isOwn, ended } of attempts) {
    if (ended === null) continue
    const mayBeCleaned =
      state.landed !== null && state.items.get(item)?.standing.kind === 'done' && ended.at < now - KEEP_MS
    const name = `attempt ${attempt} at ${item}`
    const own = refs.attempt(batch, item, attempt)
    const wanted = [
      ...(ended.rescue === null
        ? []
        : [{ ref: ended.rescue, code: 'rescue-gone', what: 'the work that was rescued' }]),
      ...(isOwn ? [{ ref: own, code: 'attempt-gone', what: 'the work' }] : []),
    ]
    looked += wanted.length
    for (const { ref, code, what } of wanted)
      if (!ours.has(ref) && !mayBeCleaned)
        findings.push(
          broken(code, `${what} of ${name} has no ref any more`, {
            where: ref,
            todo:
              candidate === null
                ? LOST
                : `git update-ref ${ref} <commit> in our repository, if its commit is still there`,
            at: ended.at,
          }),
        )
    if (ended.setAside !== null && !fs.existsSync(ended.setAside))
      findings.push(
        suspect('set-aside-gone', `the worktree of ${name} that was set aside is gone`, {
          where: ended.setAside,
          todo: 'nothing, if you removed it yourself',
          at: ended.at,
        }),
      )
  }
  return { refs: looked, findings }
}

const LOST = 'look in a backup of the data directory: what it held is nowhere else'

/** What was landed held the head of then, and is in the target as long as that branch exists. */
async function landedFindings({
  own,
  state,
  events,
}: CommitsAsked): Promise<Result<readonly BatchFinding[]>> {
  const findings: BatchFinding[] = []
  let head = state.opened.base
  for (const event of events) {
    if (event.type === 'integrated' || event.type === 'taken') head = event.data.commit
    if (event.type !== 'landed') continue
    const { commit, target, remote } = event.data
    const holds = await holdsHead(own, head, commit)
    if (!holds.ok) return holds
    if (holds.value === false)
      findings.push(
        broken('landed-other', `what was landed does not hold the head of then, ${short(head)}`, {
          where: commit,
          todo: 'autonomous-loop land --merge',
          at: event.at,
        }),
      )
    // Pushed elsewhere, and no branch of this repository was moved.
    if (remote !== undefined) continue
    const undone = await undoneFinding(own, target, commit, event.at)
    if (!undone.ok) return undone
    findings.push(...undone.value)
  }
  return ok(findings)
}

/** Null: one of them is gone. */
async function holdsHead(own: OwnRepository, head: string, commit: string): Promise<Result<boolean | null>> {
  for (const one of [head, commit]) {
    const tree = await treeOf(own, one)
    if (!tree.ok || tree.value === null) return tree.ok ? ok(null) : tree
  }
  return isAncestor(own, head, commit)
}

async function undoneFinding(
  own: OwnRepository,
  target: string,
  commit: string,
  at: number,
): Promise<Result<readonly BatchFinding[]>> {
  if (own.person.commonDir === '') return ok([])
  const branch = await personBranch(own, target)
  if (!branch.ok || branch.value === null) return branch.ok ? ok([]) : branch
  const holds = await personHolds(own, commit, branch.value)
  if (!holds.ok || holds.value === true) return holds.ok ? ok([]) : holds
  return ok([
    suspect(
      'landed-undone',
      `${target} is at ${short(branch.value)}, which does not hold what was landed, ${short(commit)}`,
      {
        where: `refs/heads/${target}`,
        todo: `nothing, if you moved ${target} back yourself; else: git merge ${short(commit)}`,
        at,
      },
    ),
  ])
}
