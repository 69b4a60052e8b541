import { type Result, ok } from '../../../base/result.ts'
import { refs } from '../../../supervisor/batch/paths.ts'
import type { BatchEvent } from '../../../supervisor/record/events.ts'
import { treeOf, treesBetween } from '../../../workspace/trees/look-commits.ts'
import type { AttemptRecord } from '../../show/attempts.ts'
import type { Commits, CommitsAsked } from './commits-asked.ts'
import { keptFindings } from './kept-work.ts'
import { landedFindings } from './landed.ts'
import { type BatchFinding, KEEP, broken, short } from './types.ts'

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
