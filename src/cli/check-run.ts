import { directLaunch } from '../gates/starter.ts'
import { sessionProcesses } from '../codex/processes.ts'
import type { Result } from '../base/result.ts'
import { ok } from '../base/result.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { readLive } from '../records/live.ts'
import { gateRunner } from '../judging/gate-runner.ts'
import { gather } from '../judging/gather.ts'
import { isWritable } from '../ledger/home.ts'
import type { RunState } from '../ledger/state.ts'
import { type Decision, decide } from '../verdict/decide.ts'
import type { Facts } from '../verdict/facts.ts'
import { askerOf } from './asker.ts'
import type { Io } from './command.ts'
import { gateProgress, waitingLine } from './render/progress.ts'

export interface Checked {
  readonly facts: Facts
  readonly decision: Decision
}

/** What a stop would be judged by right now, by the same engine; nothing is recorded and no log is kept. Failures: those of gather. */
export async function checkRun(io: Io, run: RunState): Promise<Result<Checked>> {
  const { context, interrupted } = io
  const { env } = context
  const { sessionId, formerSessions = [] } = run.activation
  // An agent that checks its own work is in Codex's sandbox already, where a second one cannot be made.
  const inSandbox = askerOf(context) === 'agent' && !isWritable(env.home)
  const line = waitingLine(io)
  line.show('looking at the workspace')
  const gathered = await gather(run, {
    home: env.home,
    workspace: evidenceOptions(env),
    now: context.clock,
    transcriptPath: null,
    lastMessage: null,
    // In there nothing is to be seen but the command that asks.
    runningProcesses: () => (inSandbox ? [] : sessionProcesses([sessionId, ...formerSessions])),
    runGates: gateRunner(context, run, {
      codex: readLive(env.home, sessionId)?.codex ?? null,
      abort: interrupted,
      logs: false,
      watch: gateProgress(line),
      ...(inSandbox ? { launch: directLaunch } : {}),
    }),
  })
  line.clear()
  return gathered.ok ? ok({ facts: gathered.value, decision: decide(gathered.value, run) }) : gathered
}
