import { never } from '../base/result.ts'
import type { ParkCause } from '../verdict/judgement.ts'
import type { RunStatus } from '../verdict/standing.ts'

/** What a run's state means for whoever reads it. Pure. */
export function stateMeaning(state: RunStatus): string {
  switch (state) {
    case 'active':
      return 'every stop of its session is judged'
    case 'paused':
      return 'its session may stop unjudged until somebody resumes it'
    case 'parked':
      return 'it waits for you'
    case 'halted':
      return 'nothing is judged any more; the contract is still open'
    case 'released':
      return 'judged done'
    case 'waived':
      return 'a person let it go as it was'
    case 'disabled':
      return 'ended without a verdict'
    default:
      return never(state, 'run state')
  }
}

export interface Situation {
  readonly state: RunStatus
  readonly sessionId: string
  /** Whose session it is; absent: Codex's. */
  readonly host?: 'claude' | undefined
  readonly runId: string
  /** The newest run here: only then is its end something to act on. */
  readonly newest: boolean
  readonly lastVerdict: string | null
  readonly park: ParkCause | null
  readonly failingGates: readonly string[]
  /** Codex of this session is alive. */
  readonly live: boolean
  /** Its last turn ended without a verdict, so nobody is at work. */
  readonly unchecked: boolean
  /** Where its repository was; null while it is there. */
  readonly goneFrom: string | null
}

/** How work in a session goes on. `live`: its Codex runs, so there is a prompt to write into. Pure. */
export function goOn(sessionId: string, live: boolean, host?: 'claude'): string {
  if (live) return 'any prompt in the session, which is open'
  return host === 'claude' ? `claude --resume ${sessionId}` : `codex resume ${sessionId}`
}

/** The one thing to do next; null when there is nothing. Every command names the run: others may be open too. Pure. */
export function nextStep(run: Situation): string | null {
  const id = run.runId.slice(0, 12)
  const on = goOn(run.sessionId, run.live, run.host)
  if (run.goneFrom !== null && !['released', 'waived', 'disabled'].includes(run.state))
    return `the repository is no longer at ${run.goneFrom}: put it back there, or end the run with autonomous-loop disable ${id} and begin one where it is now`
  switch (run.state) {
    case 'active':
      if (!run.live || run.unchecked) return `go on with it: ${on}`
      if (run.lastVerdict === 'release')
        return `nothing; the agent went on after its release, and its next stop is judged. \`autonomous-loop waive ${id}\` lets it go as it is`
      if (run.lastVerdict === null)
        return `nothing; the agent works. \`autonomous-loop check ${id}\` shows what a stop would say now`
      return run.failingGates.length > 0
        ? `nothing; the agent was told. \`autonomous-loop explain ${id}\` shows what the gates printed`
        : `nothing; the agent was told. \`autonomous-loop explain ${id}\` shows why it was held`
    case 'paused':
      return `autonomous-loop resume ${id}, then: ${on}`
    case 'parked':
      return parkedStep(run.park, id, on)
    case 'halted':
      return `look at it with \`autonomous-loop explain ${id}\`; then \`autonomous-loop resume ${id}\` for fresh limits, or \`autonomous-loop waive ${id}\` to let it go; work goes on with: ${on}`
    case 'released':
      return run.newest ? `autonomous-loop report ${id} --md` : null
    case 'waived':
    case 'disabled':
      return null
    default:
      return never(run.state, 'run state')
  }
}

function parkedStep(park: ParkCause | null, id: string, on: string): string {
  switch (park?.kind) {
    case 'definition':
    case 'unproved':
      return `put the change back, or accept it: autonomous-loop amend ${park.digest.slice(0, 12)} ${id}, then: ${on}`
    case 'accepted':
      return `go on: ${on}`
    case 'could-not-run':
      return `see what the gate lacks with \`autonomous-loop explain ${id}\`, then go on: ${on}`
    case 'wait':
    case 'recorded':
    case undefined:
      return `answer the agent: ${on}`
    default:
      return never(park, 'park cause')
  }
}
