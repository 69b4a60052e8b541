import { type Sha256, canonicalJson } from '../base/hash.ts'
import { isObject, parseJson } from '../base/json.ts'
import { type ProcessId, isAlive } from '../base/process-id.ts'
import { hashContract } from '../contract/hash.ts'
import { fail, ok } from '../base/result.ts'
import { renderAnswer } from '../codex/answer.ts'
import { workspaceOf } from '../codex/find-codex.ts'
import { findCodexProcess, sessionProcesses } from '../codex/processes.ts'
import type { HookAnswer } from '../codex/types.ts'
import type { Context } from '../control/context.ts'
import { cliPath } from '../control/enable.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { readLive } from '../control/live.ts'
import { checkPlaces } from '../control/places.ts'
import type { StopRecord } from '../ledger/events.ts'
import { withLock } from '../ledger/lock.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { endRun } from '../ledger/start.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { append, readSession } from '../ledger/store.ts'
import { type Decision, decide } from '../verdict/decide.ts'
import type { Facts } from '../verdict/facts.ts'
import { blockReason } from '../verdict/words/block.ts'
import { short } from '../verdict/words/short.ts'
import { limitWords } from '../verdict/words/halt.ts'
import { personMessage } from '../verdict/words/person.ts'
import { runSummary } from '../verdict/words/summary.ts'
import { guardDeadline } from './deadline.ts'
import { gather } from './gather.ts'
import { gateRunner } from './gate-runner.ts'
import { failedClosed, nothing, sentinel } from './handled.ts'
import type { Stop, StopSurroundings } from './stop.ts'
import { watchCodex } from './watch-codex.ts'
import { watchRun } from './watch-run.ts'

const deadlineReason =
  "autonomous-loop: this stop could not be judged before the hook's deadline. Nothing was released; end what is slow or hangs, then stop again."

interface Judging extends StopSurroundings {
  /** Ledger sequence when this caller began. */
  readonly sinceSeq: number
  readonly payloadSha256: Sha256
  /** Requests of the agent that were refused at this stop, to be told with the block. */
  readonly refused: readonly string[]
  /** Called by the one process that judged, once its verdict is in the ledger. */
  readonly recorded: (run: RunState, record: StopRecord) => void
}

/** The Codex that waits for this answer, as far as it was found, and the word that it is gone. */
interface Asker {
  readonly codex: ProcessId | undefined
  readonly gone: AbortSignal
}

/**
 * One stop, judged once: the lock is held by the process that judges; whoever waited for it takes the answer over if it
 * is the same stop and was judged while it waited.
 *
 *   lock ─► shared answer? ─► gather facts ─► decide ─► append (state folded again) ─► answer
 *                                   ▲                        │ refined or amended meanwhile
 *                                   └────────────────────────┘ (closed or paused: gates killed, let go)
 *
 * A Codex that is gone ends it anywhere before the append: gates killed, no verdict, since nobody would be told of it.
 */
export async function judge(context: Context, payload: Stop, judging: Judging): Promise<HookAnswer> {
  const { home } = context.env
  const waitMs = Math.max(0, judging.deadline - context.clock())
  const codex = findCodexProcess(judging.parentPid)
  const watch = watchCodex(codex)
  const asker: Asker = { codex, gone: watch.signal }
  const lock = sessionPaths(home, payload.sessionId).judgingLock
  const answer = await withLock(lock, { waitMs, signal: watch.signal }, async () => {
    // A request that lands in the middle makes the facts stale; three rounds are more than people can cause.
    for (let round = 1; round <= 3; round += 1) {
      const session = readSession(home, payload.sessionId)
      if (!session.ok) return session
      const last = session.value.state.runs.at(-1)
      const shared = last?.lastStop
      if (
        last &&
        shared &&
        last.lastStopSeq > judging.sinceSeq &&
        shared.payloadSha256 === judging.payloadSha256
      )
        return ok(replay(shared))
      const run = openRun(session.value.state)
      if (!run || run.status !== 'active') return ok(letGo(run ?? last))

      const judged = await judgeOnce(context, payload, judging, asker, run, session.value.state.head)
      if (judged !== 'again') return ok(judged)
    }
    return fail('moving', 'the contract changed three times while this stop was judged')
  }).finally(() => watch.close())
  if (answer.ok) return answer.value
  return answer.error.code === 'lock-aborted' ? nothing : failedClosed(answer.error.message)
}

async function judgeOnce(
  context: Context,
  payload: Stop,
  judging: Judging,
  asker: Asker,
  run: RunState,
  head: string,
): Promise<HookAnswer | 'again'> {
  const { home } = context.env
  const started = context.clock()
  const places = checkPlaces(context.env, process.execPath, workspaceOf(run.activation.repoRoot))
  if (!places.ok) return failedClosed(places.error.message)
  const unguard = guardDeadline({
    inMs: judging.hardDeadline - started,
    answer: `${renderAnswer({ kind: 'block', reason: deadlineReason }, 'Stop')}\n${sentinel}\n`,
    runId: run.runId,
    codex: asker.codex ?? null,
  })
  const watch = watchRun(home, payload.sessionId, run.runId, judging.deadline - context.clock())
  const live = readLive(home, payload.sessionId)
  const abort = AbortSignal.any([watch.signal, asker.gone])
  const gates = gateRunner(context, run, { codex: live?.codex ?? null, abort, logs: true })
  const gathered = await gather(run, {
    home,
    workspace: evidenceOptions(context.env),
    now: context.clock,
    transcriptPath: payload.transcriptPath,
    lastMessage: payload.lastAssistantMessage,
    runningProcesses: () => sessionProcesses(payload.sessionId, judging.parentPid),
    runGates: gates,
  }).finally(() => {
    watch.close()
    unguard()
  })
  if (asker.codex && !isAlive(asker.codex)) return nothing
  if (!gathered.ok) return unjudgeable(run, gathered.error.message)

  const facts = gathered.value
  const decision = decide(facts, run)
  const answer = answerOf(decision, facts, run, { cli: cliPath(home), head }, judging.refused)
  const record = stopRecord({
    run,
    facts,
    decision,
    answer,
    payloadSha256: judging.payloadSha256,
    ms: context.clock() - started,
  })

  const contractHash = hashContract(run.contract)
  const pins = canonicalJson(run.activation.pins)
  const written = append(home, payload.sessionId, context.clock, (state) => {
    const now = openRun(state)
    if (!now || now.runId !== run.runId || now.status !== 'active')
      return fail('run-left', 'closed or paused meanwhile')
    if (hashContract(now.contract) !== contractHash || canonicalJson(now.activation.pins) !== pins)
      return fail('run-changed', 'refined or amended meanwhile')
    if (decision.verdict === 'release' && now.children.length !== run.children.length)
      return fail('run-changed', 'a sub-agent began meanwhile')
    return ok([{ type: 'stop', data: record }])
  })
  if (!written.ok) {
    if (written.error.code === 'run-changed') return 'again'
    if (written.error.code === 'run-left') return letGo(latest(home, payload.sessionId))
    return failedClosed(`the verdict could not be recorded: ${written.error.message}`)
  }
  if (decision.verdict === 'release') endRun(home, payload.sessionId)
  judging.recorded(run, record)
  return answer
}

function answerOf(
  decision: Decision,
  facts: Facts,
  run: RunState,
  words: { readonly cli: string; readonly head: string },
  refused: readonly string[],
): HookAnswer {
  const person = personMessage(decision, facts, run, words.head)
  switch (decision.verdict) {
    case 'release':
      return { kind: 'message', text: person }
    case 'park':
      return { kind: 'end', stopReason: person, systemMessage: person }
    case 'halt':
      // Announced by a last block: `codex exec` shows nobody a stopReason.
      return { kind: 'block', reason: blockReason(decision, facts, run, words), systemMessage: person }
    case 'block': {
      const reason = blockReason(decision, facts, run, words)
      const told = refused.map((why) => `Your request was not carried out: ${why}`)
      return { kind: 'block', reason: [...told, reason].join('\n\n') }
    }
    default:
      throw new Error('unhandled verdict')
  }
}

function stopRecord(parts: {
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
    reason:
      answer.kind === 'block'
        ? answer.reason
        : answer.kind === 'end'
          ? answer.stopReason
          : answer.kind === 'message'
            ? answer.text
            : '',
    durationMs: parts.ms,
    ...(decision.verdict === 'halt' ? { haltCause: limitWords(decision.limit) } : {}),
    ...(decision.verdict === 'park'
      ? { parkCause: decision.cause === 'wait' ? `wait: ${facts.wait?.reason ?? ''}` : decision.cause }
      : {}),
    notices: decision.notices,
  }
}

/** The exact answer that was recorded, for the second caller of the same stop. */
function replay(record: StopRecord): HookAnswer {
  if (record.verdict === 'release') return { kind: 'message', text: record.reason }
  if (record.verdict === 'park')
    return { kind: 'end', stopReason: record.reason, systemMessage: record.reason }
  const told = parseJson(record.answer, 'the recorded answer')
  const person = told.ok && isObject(told.value) ? told.value['systemMessage'] : undefined
  return {
    kind: 'block',
    reason: record.reason,
    ...(typeof person === 'string' ? { systemMessage: person } : {}),
  }
}

function letGo(run: RunState | undefined): HookAnswer {
  return run && run.status !== 'paused'
    ? { kind: 'message', text: `autonomous-loop: ${runSummary(run)}` }
    : nothing
}

function latest(home: string, sessionId: string): RunState | undefined {
  const session = readSession(home, sessionId)
  return session.ok ? session.value.state.runs.at(-1) : undefined
}

/** The workspace cannot be looked at (git refuses, baseline gone): nothing may be released on that. */
function unjudgeable(run: RunState, why: string): HookAnswer {
  return failedClosed(`${why}. The contract "${short(run.contract.objective)}" stays open.`)
}
