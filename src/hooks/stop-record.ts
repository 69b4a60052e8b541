import type { Sha256 } from '../base/hash.ts'
import { renderAnswer } from '../codex/answer.ts'
import type { HookAnswer } from '../codex/types.ts'
import type { StopRecord } from '../ledger/events.ts'
import type { RunState } from '../ledger/state.ts'
import type { Decision } from '../verdict/decide.ts'
import type { Facts } from '../verdict/facts.ts'
import { limitWords } from '../verdict/words/halt.ts'
import { wordsOf } from './stop-answer.ts'

/** A verdict with everything it rests on, as the ledger keeps it. Pure; `ms` is how long it took. */
export function stopRecord(parts: {
  readonly run: RunState
  readonly facts: Facts
  readonly decision: Decision
  readonly answer: HookAnswer
  readonly payloadSha256: Sha256
  readonly ms: number
}): StopRecord {
  const { run, facts, decision, answer } = parts
  return {
    stop: run.stops + 1,
    payloadSha256: parts.payloadSha256,
    verdict: decision.verdict,
    outstandingTaskIds: decision.outstandingTaskIds,
    evidence: facts.evidence,
    plan: facts.plan,
    commands: facts.commands,
    failedGates: facts.commands
      .filter((command) => command.outcome !== 'passed')
      .map((command) => command.name),
    signature: decision.signature,
    workspace: facts.workspace,
    answer: renderAnswer(answer, 'Stop'),
    reason: wordsOf(answer),
    durationMs: parts.ms,
    ...(decision.verdict === 'halt' ? { haltCause: limitWords(decision.limit) } : {}),
    ...(decision.verdict === 'park'
      ? { parkCause: decision.cause === 'wait' ? `wait: ${facts.wait?.reason ?? ''}` : decision.cause }
      : {}),
    ...(facts.leftByGates ? { leftByGates: facts.leftByGates } : {}),
    notices: decision.notices,
  }
}
