import path from 'node:path'
import { type Result, err, ok } from '../../base/result.ts'
import { changedBetween } from '../../workspace/trees/changed-between.ts'
import { join } from '../../workspace/trees/join.ts'
import { problemsFailure } from '../../records/policy.ts'
import { isFinal, itemContract, withoutGates } from '../judge/batch-config.ts'
import type { NewBatchEvent, ParkCode } from '../record/events.ts'
import { judgeTree } from '../judge/judge-tree.ts'
import { attemptPaths } from '../batch/paths.ts'
import type { AttemptState } from '../record/state.ts'
import { batchStep } from '../step.ts'
import { startOf } from './join-item.ts'
import { unchanged } from './unchanged.ts'
import { treeFindings } from '../judge/tree-findings.ts'
import type { World } from '../world.ts'

/** A machine that is in the way is asked again after this long, doubled each time. */
const BACKOFF_MS = 10_000

/** Joins the candidate to the present head and asks the engine about the result. Codes: those of judgeTree. */
export async function judgeCandidate(
  world: World,
  attempt: AttemptState,
): Promise<Result<readonly NewBatchEvent[]>> {
  const { stage, item, fence, base } = attempt
  if (stage.at !== 'candidate' && stage.at !== 'released') return ok([])
  const { own, batch, config, settings } = world
  const { head, items } = world.ledger.state()
  const joins = items.get(item)?.frozen.joins
  batchStep('join')
  const begun =
    joins === undefined ? ok({ kind: 'start', commit: head } as const) : await startOf(world, attempt, joins)
  if (!begun.ok) return begun
  if (begun.value.kind !== 'start')
    return ok([parked(begun.value.kind === 'held' ? 'already-met' : 'conflict')])
  const joined = await join(own, head, stage.candidate.commit, joins?.head ?? base)
  if (!joined.ok) return joined
  if (joined.value.kind === 'conflict')
    return ok([
      { type: 'conflict', data: { item, fence, head, paths: joined.value.paths.map((one) => one.path) } },
    ])
  const { tree } = joined.value
  const start = begun.value.commit
  const changed = await changedBetween(own, start, tree)
  if (!changed.ok) return changed
  const whole = world.item(item)
  const goal = world.ledger.state().items.get(item)?.goal ?? null
  if (changed.value.length === 0 && goal !== null) return ok([unchanged(world, attempt, goal)])
  // Somebody else's work holds all of it.
  if (changed.value.length === 0 && !whole.allowVacuous) return ok([parked('already-met')])
  const findings = treeFindings(world, whole, changed.value)
  if (findings.length > 0) return ok([{ type: 'findings', data: { item, fence, findings, tree } }])
  // What was red before anybody worked is asked of those who are there to mend it.
  const without = world.ledger.state().red.filter((name) => !whole.mends.includes(name))
  const asked = { ...world, config: withoutGates(config, without) }
  const contract = itemContract(whole, asked.config, settings)
  if (!contract.ok) return err(problemsFailure('invalid-contract', whole.file, contract.error))
  const { place, dir } = attemptPaths(batch, item, attempt.attempt)
  const began = performance.now()
  const said = await judgeTree(asked, {
    place,
    contract: contract.value,
    item,
    attempt: attempt.attempt,
    head,
    start,
    since: world.ledger.state().redChecks,
    tree,
    known: attempt.recordHead,
  })
  if (!said.ok) return said
  const { judged, ledgerHead, layers } = said.value
  switch (judged.kind) {
    case 'gone':
      return ok([])
    case 'left':
    case 'shared':
      return ok([{ type: 'attempt-ending', data: { item, fence, failure: { kind: 'halted' } } }])
    case 'judged': {
      const { record } = judged
      const isMachine =
        record.blockers.length > 0 && record.blockers.every((one) => one.kind === 'could-not-run')
      const verdict: NewBatchEvent = {
        type: 'judged',
        data: {
          item,
          fence,
          record: path.relative(batch.dir, dir),
          ledgerHead,
          head,
          tree,
          layers,
          verdict: record.verdict,
          signature: record.signature,
          blockers: record.blockers.map((one) => one.kind),
          red: record.blockers.flatMap((one) =>
            one.kind === 'command' && isFinal(asked.config, one.name) ? [one.name] : [],
          ),
          without,
          ms: Math.round(performance.now() - began),
          ...(isMachine ? { machine: true as const } : {}),
        },
      }
      if (isMachine) {
        const until = world.context.clock() + BACKOFF_MS * 2 ** attempt.machine
        return ok([verdict, { type: 'backed-off', data: { until, why: 'could-not-run', fence } }])
      }
      return record.verdict === 'park' ? ok([verdict, parkedBy(record.park.kind)]) : ok([verdict])
    }
    default:
      return judged satisfies never
  }

  function parked(code: ParkCode): NewBatchEvent {
    return { type: 'attempt-ending', data: { item, fence, failure: { kind: 'parked', code } } }
  }

  /** A person decides: what the gates mean differs, or they cannot run here. */
  function parkedBy(kind: string): NewBatchEvent {
    return parked(kind === 'could-not-run' ? 'could-not-run' : 'definition')
  }
}
