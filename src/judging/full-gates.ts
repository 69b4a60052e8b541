import type { Result } from '../base/result.ts'
import type { Command } from '../contract/types.ts'
import { lookAtDefinition } from '../definition/look.ts'
import type { WorkspaceLook, Looking } from '../workspace/look.ts'
import { compileGlob } from '../evidence/glob.ts'
import { movedBetween } from '../workspace/moved-between.ts'
import { allSealed } from '../gates/all-sealed.ts'
import { commandRecord } from '../gates/command-record.ts'
import type { GateResult } from '../gates/types.ts'
import type { RunState } from '../ledger/state.ts'
import type { Facts } from '../verdict/facts.ts'
import type { RunGates } from './ports.ts'
import { gatesLeft } from '../workspace/gates-left.ts'
import { type ChangeTimes, changeTimes, touchedSince } from '../workspace/touched.ts'

/** Two of them say what a gate writes; others who work are between two writes at the third, as a rule. */
const mostRounds = 3

/** What the gates say, and the workspace they said it of as far as it could be looked at. */
export type GatesJudged = Pick<Facts, 'commands' | 'gatesRun' | 'gateWrites'> &
  Partial<Pick<Facts, 'evidence' | 'workspace' | 'leftByGates' | 'unproved'>>

/**
 * These gates in the workspace, with it compared around each of them: work that lands while they run was not
 * what they judged, and one gate could show another to the next. Then all run once more before anybody is blamed, also for
 * a gate that failed: a gate may write its caches the first time, and another session or a person may be at work in the
 * same repository. What moves in every round is a blocker. While commands of the agent run (`watched`), and where gates
 * run together, a file that was written and put back counts as well: they could flip it.
 */
export async function fullGates(
  run: RunState,
  runGates: RunGates,
  look: Looking,
  before: WorkspaceLook,
  watched: boolean,
  commands: readonly Command[],
): Promise<GatesJudged> {
  let from = before
  for (let round = 1; ; round += 1) {
    const { results, moved, cutShort, after } = await watchedGates(
      run,
      runGates,
      look,
      from,
      commands,
      watched,
    )
    const facts = { commands: results.map(commandRecord), gatesRun: 'full' as const }
    if (!after.ok) return { ...facts, ...lostSight(after) }
    const allPassed = results.every((result) => result.outcome.kind === 'passed')
    const seen = {
      ...facts,
      ...seenIn(after.value),
      gateWrites: allPassed || cutShort ? moved : [],
      leftByGates:
        watched || allSealed(results)
          ? null
          : gatesLeft(run.activation.repoRoot, run.contract.tasks, before, after.value),
    }
    if (moved.length === 0 || cutShort || round === mostRounds || !results.every(hasSpoken)) return seen
    from = after.value
  }
}

/** Not ended at a time limit or the deadline: another round would take as long and say no more. */
function hasSpoken({ outcome }: GateResult): boolean {
  return (
    outcome.kind === 'passed' ||
    (outcome.kind === 'failed' && outcome.cause !== 'timeout' && outcome.cause !== 'killed')
  )
}

/**
 * Runs them once; `moved` is what did not stay as it was, sorted. Cut short: a gate changed what the next one means, which
 * is never run, or took the workspace out of sight.
 */
async function watchedGates(
  run: RunState,
  runGates: RunGates,
  look: Looking,
  from: WorkspaceLook,
  commands: readonly Command[],
  watched: boolean,
): Promise<{
  readonly results: readonly GateResult[]
  readonly moved: string[]
  readonly cutShort: boolean
  readonly after: Result<WorkspaceLook>
}> {
  const flippable = watched || commands.some((command, at) => command.parallel && commands[at + 1]?.parallel)
  const times: ChangeTimes = flippable
    ? changeTimes(run.activation.repoRoot, watchedPaths(run, from))
    : new Map()
  const moved = new Set<string>()
  const refused = new Set<string>()
  let last = from
  const lookAgain = async (): Promise<Result<WorkspaceLook>> => {
    const now = await look()
    if (!now.ok) return now
    for (const path of movedBetween(last.comparison, now.value.comparison)) moved.add(path)
    last = now.value
    return now
  }
  // One step shows its outputs to the next, which may clear them away. What was there before is not an output.
  const lookWithin = async (): Promise<Result<WorkspaceLook>> => {
    const now = await look()
    if (!now.ok) return now
    const added = new Set(
      now.value.comparison.changes.flatMap(({ path, kind }) => (kind === 'added' ? [path] : [])),
    )
    for (const path of movedBetween(last.comparison, now.value.comparison))
      if (!added.has(path) || last.comparison.state.has(path)) moved.add(path)
    return now
  }
  const results = await runGates(commands, async (what) => {
    for (const change of lookAtDefinition(run.activation).drift?.changes ?? []) refused.add(change.file)
    const now = what === 'gates' ? await lookAgain() : await lookWithin()
    if (!now.ok) for (const lost of lostSight(now).gateWrites) refused.add(lost)
    return refused.size === 0
  })
  const after = await lookAgain()
  for (const path of touchedSince(run.activation.repoRoot, times)) moved.add(path)
  for (const { box } of results)
    if (box?.seal?.kind === 'not-sealed') for (const path of box.seal.rewrote) moved.add(path)
  const allowed = run.contract.policy.gateWrites.map(compileGlob)
  const unallowed = [...moved].filter((path) => !allowed.some((test) => test(path)))
  return {
    results,
    moved: [...new Set([...unallowed, ...refused])].sort(),
    cutShort: refused.size > 0,
    after,
  }
}

/** A workspace that cannot be looked at any more has moved. */
export function lostSight(failed: Extract<Result<WorkspaceLook>, { ok: false }>): Pick<Facts, 'gateWrites'> {
  return { gateWrites: [`(the workspace cannot be looked at any more: ${failed.error.message})`] }
}

export function seenIn({ evidence, comparison }: WorkspaceLook): Pick<Facts, 'evidence' | 'workspace'> {
  return { evidence, workspace: comparison.fingerprint }
}

/** What differs from the start, and the files that give the gates their meaning. */
function watchedPaths(run: RunState, { comparison }: WorkspaceLook): Set<string> {
  const pinned = run.activation.pins.map((pin) => pin.file).filter((file) => file !== '')
  return new Set([...comparison.state.keys(), ...pinned])
}
