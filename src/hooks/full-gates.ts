import type { Result } from '../base/result.ts'
import { releaseCommands } from '../control/release-commands.ts'
import type { Look, Looking } from '../control/workspace-look.ts'
import { compileGlob } from '../evidence/glob.ts'
import { movedBetween } from '../evidence/moved-between.ts'
import type { RunState } from '../ledger/state.ts'
import type { Facts } from '../verdict/facts.ts'
import { commandRecord } from './command-record.ts'
import type { Eyes } from './eyes.ts'
import { type ChangeTimes, changeTimes, touchedSince } from './touched.ts'

/** What the gates say, and the workspace they said it of as far as it could be looked at. */
type Judged = Pick<Facts, 'commands' | 'gatesRun' | 'gateWrites'> &
  Partial<Pick<Facts, 'evidence' | 'workspace'>>

/**
 * The gates the release needs, with the workspace compared around them: work that lands while they run was not what
 * they judged. One rerun, because a gate may write its caches the first time; moved again is a blocker. While commands
 * of the agent run (`watched`), a file that was written and put back counts as well: they could flip it.
 */
export async function fullGates(
  run: RunState,
  eyes: Eyes,
  look: Looking,
  before: Look,
  watched: boolean,
): Promise<Judged> {
  const commands = releaseCommands(run)
  let from = before
  for (let attempt = 1; ; attempt += 1) {
    const times: ChangeTimes = watched
      ? changeTimes(run.activation.repoRoot, watchedPaths(run, from))
      : new Map()
    const results = await eyes.runGates(commands)
    const facts = { commands: results.map(commandRecord), gatesRun: 'full' as const }
    const after = await look()
    if (!after.ok) return { ...facts, ...lostSight(after) }
    const gateWrites = movedWithin(run, from, after.value, times)
    const allPassed = results.every((result) => result.outcome.kind === 'passed')
    const seen = { ...facts, ...seenIn(after.value), gateWrites: allPassed ? gateWrites : [] }
    if (gateWrites.length === 0 || !allPassed || attempt === 2) return seen
    from = after.value
  }
}

/** A workspace that cannot be looked at any more has moved. */
export function lostSight(failed: Extract<Result<Look>, { ok: false }>): Pick<Facts, 'gateWrites'> {
  return { gateWrites: [`(the workspace cannot be looked at any more: ${failed.error.message})`] }
}

export function seenIn({ evidence, comparison }: Look): Pick<Facts, 'evidence' | 'workspace'> {
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
  const pinned = run.activation.pins.map((pin) => pin.file).filter((file) => file !== '')
  return new Set([...comparison.state.keys(), ...pinned])
}
