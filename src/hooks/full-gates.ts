import type { Result } from '../base/result.ts'
import { releaseCommands } from '../control/release-commands.ts'
import type { Look, Looking } from '../control/workspace-look.ts'
import { compileGlob } from '../evidence/glob.ts'
import { movedBetween } from '../evidence/moved-between.ts'
import type { RunState } from '../ledger/state.ts'
import type { Facts, RunningProcess } from '../verdict/facts.ts'
import { commandRecord } from './command-record.ts'
import type { Eyes } from './eyes.ts'
import { type ChangeTimes, changeTimes, touchedSince } from './touched.ts'

type Found = Pick<Facts, 'commands' | 'gatesRun' | 'background' | 'ended' | 'gateWrites'> &
  Partial<Pick<Facts, 'evidence' | 'workspace'>>

/**
 * The gates the release needs, with the workspace compared around them: work that lands while they run was not what
 * they judged. One rerun, because a gate may write its caches the first time; moved again is a blocker. While commands
 * of the agent run (`background`), a file that was written and put back counts as well: they could flip it.
 * They are ended as the last thing before a release that nothing else is in the way of, unless the policy lets them stay.
 */
export async function fullGates(
  run: RunState,
  eyes: Eyes,
  look: Looking,
  before: Look,
  background: readonly RunningProcess[],
): Promise<Found> {
  const commands = releaseCommands(run)
  let from = before
  for (let attempt = 1; ; attempt += 1) {
    const times: ChangeTimes =
      background.length > 0 ? changeTimes(run.activation.repoRoot, watchedPaths(run, from)) : new Map()
    const results = await eyes.runGates(commands)
    const facts = { commands: results.map(commandRecord), gatesRun: 'full' as const, background, ended: [] }
    const after = await look()
    if (!after.ok) return { ...facts, ...lostSight(after) }
    const gateWrites = movedWithin(run, from, after.value, times)
    const seen = { ...facts, ...seenIn(after.value) }
    if (!results.every((result) => result.outcome.kind === 'passed')) return { ...seen, gateWrites: [] }
    if (gateWrites.length === 0)
      return mustEnd(run, background, after.value)
        ? { ...seen, ...(await endProcesses(run, eyes, look, after.value, background)) }
        : { ...seen, gateWrites }
    if (attempt === 2) return { ...seen, gateWrites }
    from = after.value
  }
}

/** Not while evidence is missing: the turn goes on, and with it what the agent may need to run. */
function mustEnd(run: RunState, background: readonly RunningProcess[], { evidence }: Look): boolean {
  const required = new Set(run.contract.tasks.filter((task) => task.required).map((task) => task.id))
  return (
    background.length > 0 &&
    run.contract.policy.background === 'block' &&
    evidence.every((fact) => fact.met || !required.has(fact.taskId))
  )
}

/** What a process does when it is told to end is still its work: one more look, at what nobody can change any more. */
async function endProcesses(
  run: RunState,
  eyes: Eyes,
  look: Looking,
  judged: Look,
  background: readonly RunningProcess[],
): Promise<Pick<Found, 'background' | 'ended' | 'gateWrites' | 'evidence' | 'workspace'>> {
  const left = await eyes.endProcesses()
  const ended = background.filter((one) => !left.some((other) => other.pid === one.pid))
  const last = await look()
  if (!last.ok) return { background: left, ended, ...lostSight(last) }
  const gateWrites = movedWithin(run, judged, last.value, new Map())
  return { background: left, ended, ...seenIn(last.value), gateWrites }
}

function lostSight(failed: Extract<Result<Look>, { ok: false }>): Pick<Found, 'gateWrites'> {
  return { gateWrites: [`(the workspace cannot be looked at any more: ${failed.error.message})`] }
}

function seenIn({ evidence, comparison }: Look): Pick<Facts, 'evidence' | 'workspace'> {
  return { evidence, workspace: comparison.fingerprint }
}

/** Paths that moved from one look to a later one, or were written since `times`, and that no gate may write. */
function movedWithin(run: RunState, from: Look, to: Look, times: ChangeTimes): string[] {
  const globs = run.contract.policy.gateWrites.map(compileGlob)
  const moved = new Set([
    ...movedBetween(from.comparison, to.comparison),
    ...touchedSince(run.activation.repoRoot, times),
  ])
  return [...moved].filter((path) => !globs.some((matches) => matches(path)))
}

/** What differs from the start, and the files that give the gates their meaning. */
function watchedPaths(run: RunState, { comparison }: Look): Set<string> {
  return new Set([...comparison.state.keys(), ...run.activation.pins.map((pin) => pin.file)])
}
