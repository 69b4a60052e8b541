import { type ProcessId, isAlive } from '../base/process-id.ts'
import { type Result, err, fail, ok } from '../base/result.ts'
import { workspaceOf } from '../codex/find-codex.ts'
import { endSessionProcesses, sessionProcesses } from '../codex/processes.ts'
import type { HookAnswer } from '../codex/types.ts'
import type { Context } from '../records/context.ts'
import { cliWord } from '../control/enable.ts'
import { readLive } from '../records/live.ts'
import { checkPlaces } from '../records/places.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { append, readSession } from '../ledger/store.ts'
import { processText } from '../verdict/blockers.ts'
import { decide } from '../verdict/decide.ts'
import type { Facts } from '../verdict/facts.ts'
import { short } from '../verdict/words/short.ts'
import { failedClosed } from './fail-closed.ts'
import { gather } from '../judging/gather.ts'
import { gateRunner } from '../judging/gate-runner.ts'
import { nothing } from './handled.ts'
import { stillHolds } from '../judging/still-holds.ts'
import { answerOf, letGo } from './stop-answer.ts'
import type { Judging, Stop } from './stop-event.ts'
import { stopRecord } from './stop-record.ts'
import { watchRun } from '../judging/watch-run.ts'

/** The Codex that waits for this answer, as far as it was found, and the word that it is gone. */
export interface Asker {
  readonly codex: ProcessId | undefined
  readonly gone: AbortSignal
}

/**
 * Looks, decides, appends and answers; the caller holds the judging lock. `head` is that of the ledger `run` was read
 * from. Codes: run-changed (judge anew), and whatever keeps a stop from being judged or its verdict from being written.
 */
export async function judgeOnce(
  context: Context,
  payload: Stop,
  judging: Judging,
  asker: Asker,
  run: RunState,
  head: string,
): Promise<Result<HookAnswer>> {
  const { home } = context.env
  const started = context.clock()
  const places = checkPlaces(context.env, process.execPath, workspaceOf(run.activation.repoRoot))
  if (!places.ok) return places
  const gathered = await gatherInTime(context, payload, judging, asker, run)
  if (asker.codex && !isAlive(asker.codex)) return ok(nothing)
  // The workspace cannot be vouched for (the baseline is gone): nothing may be released on that.
  if (!gathered.ok)
    return err({
      ...gathered.error,
      message: `${gathered.error.message}. The contract "${short(run.contract.objective)}" stays open.`,
    })

  const facts = gathered.value
  const decision = decide(facts, run)
  const answer = answerOf(decision, facts, run, { cli: cliWord(home), head }, judging.refused)
  const record = stopRecord({
    run,
    facts,
    decision,
    answer,
    payloadSha256: judging.payloadSha256,
    ms: context.clock() - started,
  })
  const written = append(home, payload.sessionId, context.clock, (state) => {
    const holds = stillHolds(decision, run, openRun(state), context.clock())
    return holds.ok ? ok([{ type: 'stop', data: record }]) : holds
  })
  if (!written.ok) {
    const { code } = written.error
    if (code === 'run-changed') return written
    if (code === 'run-left') return ok(letGo(latest(home, payload.sessionId)))
    const message = `the verdict could not be recorded: ${written.error.message}`
    // Whoever holds the ledger would make a note of it wait as long again, past the hook's time.
    return code === 'lock-busy' ? ok(failedClosed(message)) : err({ ...written.error, message })
  }
  judging.recorded(record)
  return ok(answer)
}

/** Gathers the facts with the gates ended at the deadline, or as soon as the run is left or Codex is gone. */
async function gatherInTime(
  context: Context,
  payload: Stop,
  judging: Judging,
  asker: Asker,
  run: RunState,
): Promise<Result<Facts>> {
  const { home } = context.env
  const sessions = [payload.sessionId, ...(run.activation.formerSessions ?? [])]
  const watch = watchRun(home, payload.sessionId, run.runId, judging.deadline - context.clock())
  return gather(run, {
    home,
    workspace: evidenceOptions(context.env),
    now: context.clock,
    transcriptPath: payload.transcriptPath,
    lastMessage: payload.lastAssistantMessage,
    runningProcesses: () => sessionProcesses(sessions, judging.parentPid),
    endProcesses: async (processes) => {
      // On record first: what was ended is told even if this process is.
      const noted = append(home, payload.sessionId, context.clock, (state) => {
        const now = openRun(state)
        return now?.runId === run.runId && now.status === 'active' && !asker.gone.aborted
          ? ok([{ type: 'ending', data: { processes: processes.map(processText) } }])
          : fail('run-left', '')
      })
      return noted.ok ? ok(await endSessionProcesses(sessions, judging.parentPid)) : noted
    },
    runGates: gateRunner(context, run, {
      codex: readLive(home, payload.sessionId)?.codex ?? null,
      abort: AbortSignal.any([watch.signal, asker.gone]),
      logs: true,
    }),
  }).finally(() => watch.close())
}

function latest(home: string, sessionId: string): RunState | undefined {
  const session = readSession(home, sessionId)
  return session.ok ? session.value.state.runs.at(-1) : undefined
}
