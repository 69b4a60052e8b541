import { type ProcessId, isAlive } from '../base/process-id.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { renderAnswer } from '../codex/answer.ts'
import { workspaceOf } from '../codex/find-codex.ts'
import { endSessionProcesses, sessionProcesses } from '../codex/processes.ts'
import type { HookAnswer } from '../codex/types.ts'
import { cliWord } from '../records/cli-place.ts'
import { withRenewedPath } from '../control/gate-not-found.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { type GateRunnerParts, gateRunner } from '../judging/gate-runner.ts'
import { type Judged, judge } from '../judging/judge.ts'
import type { Ports } from '../judging/ports.ts'
import { progressFile } from '../judging/progress.ts'
import { keepReleased } from '../judging/released-state.ts'
import type { Watch } from '../judging/watch.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { append } from '../ledger/store.ts'
import { cleanRoom, roomOf } from '../records/clean-room.ts'
import type { Context } from '../records/context.ts'
import { gateMachine } from '../records/gate-machine.ts'
import { readLive } from '../records/live.ts'
import { checkPlaces } from '../records/places.ts'
import { processText } from '../verdict/blockers.ts'
import type { WorkspaceLook } from '../workspace/look.ts'
import { shortHead } from '../verdict/words/witness.ts'
import { sessionPort } from './session-port.ts'
import { answerOf, wordsOf } from './stop-answer.ts'
import { type Stop, type StopIdentity, type StopSurroundings, isAnswered } from './stop-event.ts'
import { watchCodex } from './watch-codex.ts'

/** One stop as a question to the engine. */
export interface Question {
  readonly payload: Stop
  readonly around: StopSurroundings
  readonly identity: StopIdentity
  /** Ledger sequence when this caller began. */
  readonly sinceSeq: number
  /** Requests of the agent that were refused at this stop, to be told with the answer. */
  readonly refused: readonly string[]
}

/** Maps a Stop to the engine: the session is the place, Codex is who asks, its answer is what is delivered. */
export async function judgeStop(context: Context, question: Question): Promise<Result<Judged<HookAnswer>>> {
  const { payload, around, identity } = question
  const { env, clock } = context
  const { codex } = around
  const watch = watchCodex(codex)
  const place = sessionPaths(env.home, payload.sessionId)
  const progress = progressFile(place.progress, clock)
  let seen: { readonly look: WorkspaceLook; readonly ms: number } | undefined
  return judge<HookAnswer>({
    place,
    clock,
    deadline: around.deadline,
    gone: watch.signal,
    isGone: () => codex !== undefined && !isAlive(codex),
    shared: (last) => (isAnswered(identity, last, question.sinceSeq) ? last.lastStop : null),
    mayJudge: (run) => checkPlaces(env, process.execPath, workspaceOf(run.activation.repoRoot)),
    ports: (run, abort) => ({
      ...stopPorts(context, question, run, abort, watch.signal, progress),
      looked: (look) => {
        seen = { look, ms: Date.now() - look.at }
      },
    }),
    tell: (judgement, run, head) =>
      answerOf(judgement, run, head, { kind: 'session', cli: cliWord(env.home) }, question.refused),
    provisional: ({ workspace }) => {
      if (seen?.look.comparison.fingerprint === workspace) keepReleased(place.dir, seen.look.comparison)
      return { turnId: payload.turnId, transcript: identity.transcript, lookMs: seen?.ms ?? 0 }
    },
    delivered: (answer, head) => ({
      payloadSha256: identity.payloadSha256,
      head: shortHead(head),
      answer: renderAnswer(answer, 'Stop'),
      reason: wordsOf(answer),
    }),
  }).finally(() => {
    progress.close()
    watch.close()
  })
}

function stopPorts(
  context: Context,
  { payload, around }: Question,
  run: RunState,
  abort: AbortSignal,
  gone: AbortSignal,
  watch: Watch,
): Ports {
  const { env, clock } = context
  const { sessionId, transcriptPath, lastAssistantMessage } = payload
  const { origin } = run.activation
  const former = origin.kind === 'session' ? (origin.formerSessions ?? []) : []
  const sessions = [sessionId, ...former]
  const place = sessionPaths(env.home, sessionId)
  const codex: ProcessId | null = readLive(env.home, sessionId)?.codex ?? null
  const parts: Omit<GateRunnerParts, 'machine'> = {
    vars: env.vars,
    abort,
    logs: place.gates,
    watch,
    finish: (command, result) => withRenewedPath(env.home, run.activation, command, result),
  }
  return {
    now: clock,
    workspace: evidenceOptions(env),
    baselineDir: place.dir,
    session: sessionPort({
      now: clock,
      transcriptPath,
      lastMessage: lastAssistantMessage,
      processes: () => sessionProcesses(sessions, around.parentPid),
      endProcesses: async (processes) => {
        // On record first: what was ended is told even if this process is.
        const noted = append(place, clock, (state) => {
          const now = openRun(state)
          return now?.runId === run.runId && now.status === 'active' && !gone.aborted
            ? ok([{ type: 'ending', data: { processes: processes.map(processText) } }])
            : fail('run-left', '')
        })
        return noted.ok ? ok(await endSessionProcesses(sessions, around.parentPid)) : noted
      },
    }),
    runGates: gateRunner(run, { ...parts, machine: () => gateMachine(context, run, codex) }),
    room: cleanRoom(context, {
      run,
      codex,
      baselineDir: place.dir,
      place: roomOf(env.home, run),
      gates: parts,
    }),
  }
}
