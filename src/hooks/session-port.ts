import { tokensSince } from '../codex/transcript/tokens.ts'
import { grantedWait } from '../control/wait.ts'
import type { SessionPort } from '../judging/ports.ts'
import type { RunState } from '../ledger/state.ts'
import type { RunningProcess } from '../verdict/facts.ts'
import { childrenAtWork } from './children.ts'
import { planFact } from './plan-fact.ts'

/** What a held session tells of itself: its plan, its sub-agents, its wish, its processes. */
export function sessionPort(parts: {
  readonly now: () => number
  readonly transcriptPath: string | null
  readonly lastMessage: string | null
  readonly processes: () => readonly RunningProcess[]
  readonly endProcesses: SessionPort['endProcesses']
}): SessionPort {
  const { now, transcriptPath, lastMessage } = parts
  return {
    plan: planFact,
    children: (run) => childrenAtWork(run, now()),
    wait: (run, workspace) => grantedWait(run, lastMessage, workspace),
    tokens: (run) => tokensUsed(run, transcriptPath),
    processes: parts.processes,
    endProcesses: parts.endProcesses,
  }
}

/** Read only where the contract has a limit for it. */
function tokensUsed({ contract, limitsFrom }: RunState, transcriptPath: string | null): number | null {
  if (contract.limits.maxTokens === undefined || transcriptPath === null) return null
  return tokensSince(transcriptPath, limitsFrom)
}
