import type { BatchState } from '../../supervisor/record/state.ts'
import { isFlaky } from '../../verdict/room-passes.ts'
import { oneLine, shortened, withoutControls } from '../../base/text.ts'
import type { Around } from '../batch-around.ts'
import { itemView } from '../batch-item.ts'
import { MOST_CLAIM } from './claims.ts'
import type { PassedGate, ReportItem, Verified } from './shape.ts'
import { type Told, iso, partsOf, tokensOf, tryOf } from './tries.ts'
import type { FoundVerdict, FoundVerdicts } from './verdicts.ts'

/** UTF-16 units: an agent may have proposed it. */
const MOST_TITLE = 200

/** Items as rows, with every attempt at each. Pure. */
export function itemRows(
  state: BatchState,
  around: Around,
  { attempts, verdicts, landedAt }: Found,
): readonly ReportItem[] {
  const { over } = state.opened
  return [...state.items.values()].map((item): ReportItem => {
    const view = itemView(item, state, around)
    const own = attempts.filter((one) => one.item === view.id)
    const agents = own.flatMap(partsOf)
    const last = own.at(-1)
    const done = own.findLast((one) => one.integrated !== null)?.integrated ?? null
    return {
      id: view.id,
      file: view.file,
      title: titleOf(around, view.id, view.file),
      state: view.state,
      code: view.code,
      why: view.why === null ? null : shortened(withoutControls(view.why), MOST_CLAIM),
      waits_for: view.waits_for,
      edited: view.edited,
      commit: view.commit,
      landed: view.commit !== null && done !== null && landedAt !== null && done.at <= landedAt,
      earlier: done === null && over?.done.includes(view.id) === true,
      attempts: own.length,
      turns: own.reduce((sum, one) => sum + one.turns, 0),
      tokens: tokensOf(agents),
      working_ms: agents.reduce((sum, one) => sum + one.ms, 0),
      judging_ms: own.reduce((sum, one) => sum + one.judgingMs, 0),
      agent: last?.agents.at(-1)?.name ?? null,
      effort: last?.effort ?? null,
      tries: own.map((told) => tryOf(told, lastVerdict(told, verdicts)?.because ?? [])),
    }
  })
}

/** What the ledgers hold. */
interface Found {
  readonly attempts: readonly Told[]
  readonly verdicts: FoundVerdicts
  /** When the head was last landed, ms; null: never. */
  readonly landedAt: number | null
}

/** That of its text; of one that this version cannot read, the name of its file. */
function titleOf({ plan }: Around, id: string, file: string): string {
  return oneLine(plan?.items.get(id)?.title ?? file, MOST_TITLE)
}

/** Items whose work is in the head, with the gates that passed on exactly that tree. One whose verdict is not in the record is none of them. Pure. */
export function verifiedItems(
  rows: readonly ReportItem[],
  { attempts, verdicts }: Found,
): readonly Verified[] {
  return rows.flatMap((row): Verified[] => {
    if (row.state !== 'done' || row.earlier) return []
    const told = attempts.findLast((one) => one.item === row.id && one.integrated !== null)
    const last = told?.verdicts.findLast((one) => one.data.verdict === 'release')
    const verdict = last === undefined ? null : verdicts.of(told!, last.data.ledgerHead)
    if (told?.integrated == null || last === undefined || verdict === null) return []
    return [
      {
        item: row.id,
        title: row.title,
        commit: told.integrated.commit,
        tree: last.data.tree,
        at: iso(told.integrated.at),
        attempt: told.attempt,
        agent: told.agents.at(-1)!.name,
        effort: told.effort,
        passed_by: passedBy(attempts, row.id, last.data.tree),
        landed: row.landed,
        gates: passedGates(verdict),
        not_asked: last.data.without,
      },
    ]
  })
}

/** What reviewers said of a tree is kept from one attempt to the next. */
function passedBy(attempts: readonly Told[], item: string, tree: string): readonly string[] {
  const passes = attempts.filter((one) => one.item === item).flatMap((one) => one.passes)
  return [...new Set(passes.flatMap((one) => (one.tree === tree ? one.agent : [])))]
}

function passedGates({ commands }: FoundVerdict): readonly PassedGate[] {
  return commands
    .filter((one) => one.outcome === 'passed' && one.prepares === undefined)
    .map((one) => ({
      name: one.name,
      ms: Math.round(one.durationMs),
      place: one.box?.place ?? 'in-place',
      reused: one.reused !== undefined,
      flaky: isFlaky(one),
    }))
}

function lastVerdict(told: Told, verdicts: FoundVerdicts): FoundVerdict | null {
  const last = told.verdicts.at(-1)
  return last === undefined ? null : verdicts.of(told, last.data.ledgerHead)
}
