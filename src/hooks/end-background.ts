import { lookAtDefinition } from '../control/definition.ts'
import type { Look, Looking } from '../control/workspace-look.ts'
import type { RunState } from '../ledger/state.ts'
import { mustBeNamed, processText } from '../verdict/blockers.ts'
import { decide } from '../verdict/decide.ts'
import type { Facts } from '../verdict/facts.ts'
import type { Eyes } from './eyes.ts'
import { lostSight, movedWithin, seenIn } from './full-gates.ts'

/**
 * Ends what the agent left running, as the last thing before a release that nothing else is in the way of, unless the
 * policy lets it stay: it could wait for the release and take the work back. What a process does when it is told to end is
 * still its work, so there is one more look, at what nothing of the agent can change any more. `judged` is what the gates saw.
 */
export async function endBackground(
  run: RunState,
  eyes: Eyes,
  look: Looking,
  judged: Look,
  facts: Facts,
): Promise<Facts> {
  if (!eyes.endProcesses || facts.background.length === 0) return facts
  if (run.contract.policy.background === 'allow' || decide(facts, run).verdict !== 'release') return facts
  const background = eyes.runningProcesses()
  if (mustBeNamed(background, run)) return { ...facts, background }
  const ended = background.length > 0 ? await eyes.endProcesses(background) : null
  if (ended && !ended.ok) return { ...facts, background, endTried: true }
  const left = ended?.value ?? []
  const gone = background.filter((one) => !left.some((other) => other.pid === one.pid))
  const last = await look()
  return {
    ...facts,
    background: left,
    endTried: true,
    ended: [...new Set([...facts.ended, ...gone.map(processText)])],
    ...(last.ok
      ? { ...seenIn(last.value), gateWrites: movedWithin(run, judged, last.value) }
      : lostSight(last)),
    drift: lookAtDefinition(run.activation).drift,
  }
}
