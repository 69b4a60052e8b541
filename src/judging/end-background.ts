import { lookAtDefinition } from '../definition/look.ts'
import type { RunState } from '../ledger/state.ts'
import { mustBeNamed, processText } from '../verdict/blockers.ts'
import { decide } from '../verdict/decide.ts'
import type { Facts, SessionFacts } from '../verdict/facts.ts'
import type { Looking } from '../workspace/look.ts'
import { lostSight, seenIn } from './full-gates.ts'
import { roomGates } from './room-gates.ts'
import type { Ports } from './ports.ts'

/**
 * Ends what the agent left running, when nothing else is in the way of a release, unless the policy lets it stay: it could
 * wait for the release and take the work back. Then all gates once more: while it ran it could show them another workspace
 * than the one that is there (an exchanged directory, a page in memory), and being told to end it could write.
 */
export async function endBackground(
  run: RunState,
  ports: Ports,
  look: Looking,
  facts: Facts,
): Promise<Facts> {
  const { session } = facts
  if (!session || !ports.session?.endProcesses || run.contract.policy.background === 'allow') return facts
  if (decide(facts, run).verdict !== 'release') return facts
  const withSession = (more: Partial<SessionFacts>): Facts => ({ ...facts, session: { ...session, ...more } })
  // Also what began while the gates ran.
  const background = ports.session.processes()
  if (background.length === 0 && session.background.length === 0) return facts
  if (mustBeNamed(background, run)) return withSession({ background })
  const ended = background.length > 0 ? await ports.session.endProcesses(background) : null
  if (ended && !ended.ok) return withSession({ background, endTried: true })
  const left = ended?.value ?? []
  const gone = background.filter((one) => !left.some((other) => other.pid === one.pid))
  const after = withSession({
    background: left,
    endTried: true,
    ended: [...new Set([...session.ended, ...gone.map(processText)])],
  })
  if (left.length > 0) return after
  const now = await look()
  if (!now.ok) return { ...after, ...lostSight(now) }
  const { drift } = lookAtDefinition(run.activation)
  if (drift) return { ...after, ...seenIn(now.value), drift }
  const again = await roomGates(run, ports, look, now.value, { watched: false, spare: false })
  const { unproved: _before, ...rest } = after
  return { ...rest, ...seenIn(now.value), ...again, drift: lookAtDefinition(run.activation).drift }
}
