import { makeOwned, removeOwned } from '../base/owned-directory.ts'
import type { Result } from '../base/result.ts'
import { ok } from '../base/result.ts'
import { usesCleanRoom } from '../contract/verify.ts'
import { sessionProcesses } from '../codex/processes.ts'
import { withRenewedPath } from '../control/gate-not-found.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { directLaunch } from '../gates/starter.ts'
import { sessionPort } from '../hooks/session-port.ts'
import { type GateRunnerParts, gateRunner } from '../judging/gate-runner.ts'
import { lookAt } from '../judging/look.ts'
import { isWritable } from '../ledger/home.ts'
import { homePaths, sessionPaths } from '../ledger/paths.ts'
import type { RunState } from '../ledger/state.ts'
import { cleanRoom } from '../records/clean-room.ts'
import { gateMachine } from '../records/gate-machine.ts'
import { readLive } from '../records/live.ts'
import { decide, judgementOf } from '../verdict/decide.ts'
import type { Judgement } from '../verdict/judgement.ts'
import { atTheStop } from './at-the-stop.ts'
import { askerOf } from './asker.ts'
import type { Io } from './command.ts'
import { gateProgress, waitingLine } from './render/progress.ts'

/** What a stop would be judged by right now, by the same engine; nothing is recorded and no log is kept. Failures: those of lookAt. */
export async function checkRun(io: Io, run: RunState, sessionId: string): Promise<Result<Judgement>> {
  const { context, interrupted } = io
  const { env, clock } = context
  const { origin } = run.activation
  const sessions = [sessionId, ...(origin.kind === 'session' ? (origin.formerSessions ?? []) : [])]
  // An agent that checks its own work is in Codex's sandbox already, where a second one cannot be made.
  const inSandbox = askerOf(context) === 'agent' && !isWritable(env.home)
  const noLoopback = inSandbox && env.vars['CODEX_SANDBOX_NETWORK_DISABLED'] === '1'
  const line = waitingLine(io)
  const codex = readLive(env.home, sessionId)?.codex ?? null
  const { dir } = sessionPaths(env.home, sessionId)
  const parts: Omit<GateRunnerParts, 'machine'> = {
    vars: env.vars,
    abort: interrupted,
    logs: null,
    watch: gateProgress(line),
    finish: (command, result) =>
      withRenewedPath(env.home, run.activation, command, noLoopback ? atTheStop(command, result) : result),
  }
  // Of its own: a stop may be judged meanwhile.
  const ownRoom = inSandbox || !needsRoom(run) ? null : makeOwned(homePaths(env.home).rooms)
  const room =
    ownRoom === null
      ? null
      : cleanRoom(context, { run, codex, baselineDir: dir, place: ownRoom, gates: parts })
  line.show('looking at the workspace')
  const began = clock()
  const facts = await lookAt(run, {
    now: clock,
    workspace: evidenceOptions(env),
    baselineDir: dir,
    session: sessionPort({
      now: clock,
      transcriptPath: null,
      lastMessage: null,
      // In there nothing is to be seen but the command that asks.
      processes: () => (inSandbox ? [] : sessionProcesses(sessions)),
      endProcesses: null,
    }),
    runGates: gateRunner(run, {
      ...parts,
      machine: () => {
        const machine = gateMachine(context, run, codex)
        return inSandbox ? { ...machine, launch: directLaunch } : machine
      },
    }),
    room,
  }).finally(() => {
    if (ownRoom !== null) removeOwned(ownRoom)
  })
  line.clear()
  return facts.ok ? ok(judgementOf(decide(facts.value, run), facts.value, run, clock() - began)) : facts
}

function needsRoom({ activation: { config } }: RunState): boolean {
  return config !== null && usesCleanRoom(config)
}
