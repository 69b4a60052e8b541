import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail } from '../base/result.ts'
import { type StopRecord, sessionOf } from '../ledger/events.ts'
import { sessionPaths } from '../ledger/paths.ts'
import type { RunState } from '../ledger/state.ts'
import { cliPath } from '../records/cli-place.ts'
import type { Context } from '../records/context.ts'
import { readLive } from '../records/live.ts'
import { type Notified, runPersonCommand } from '../records/person-command.ts'
import { failedGates } from '../verdict/judgement.ts'
import { haltWords, parkWords } from '../verdict/words/limit.ts'

/** What a notify command reads from its stdin: one JSON object. */
export interface Notice {
  readonly event: 'release' | 'halt' | 'park'
  readonly session_id: string
  readonly run_id: string
  readonly repo_root: string
  readonly objective: string
  /** Number of the stop. */
  readonly stop: number
  /** The words that the person would see. */
  readonly reason: string
  readonly cause: string | null
  readonly outstanding_task_ids: readonly string[]
  readonly failed_gates: readonly string[]
  /** Terminal in which Codex runs, for a bell; null when it has none. */
  readonly terminal: string | null
  /** Our command line. */
  readonly cli: string
}

/** Null for a verdict that nobody is told of. */
export function noticeOf(context: Context, run: RunState, record: StopRecord): Notice | null {
  const sessionId = sessionOf(run.activation)
  if (record.verdict === 'block' || sessionId === null) return null
  const { repoRoot } = run.activation
  return {
    event: record.verdict,
    session_id: sessionId,
    run_id: run.runId,
    repo_root: repoRoot,
    objective: run.contract.objective,
    stop: record.stop,
    reason: record.delivered?.reason ?? '',
    cause:
      record.verdict === 'halt'
        ? haltWords(record.halt)
        : record.verdict === 'park'
          ? parkWords(record.park)
          : null,
    outstanding_task_ids: record.outstandingTaskIds,
    failed_gates: failedGates(record),
    terminal: terminalOf(readLive(context.env.home, sessionId)?.codex?.pid),
    cli: cliPath(context.env.home),
  }
}

/** Runs the notify command of a run, with its output in `gates/notify.log`. Codes: no-notify, those of runPersonCommand. */
export async function runNotify(context: Context, run: RunState, notice: Notice): Promise<Result<Notified>> {
  const { config, repoRoot, gatePath } = run.activation
  const given = config?.notify
  if (!given) return fail('no-notify', 'the approved config of this run has no notify command')
  return runPersonCommand(context, {
    name: 'notify',
    given,
    isBoxed: config.version === 2,
    root: repoRoot,
    gatePath,
    owner: run.runId,
    // For one-liners that do not read JSON.
    variables: {
      AUTOLOOP_EVENT: notice.event,
      AUTOLOOP_OBJECTIVE: notice.objective.slice(0, 1000),
      AUTOLOOP_TERMINAL: notice.terminal ?? '/dev/null',
    },
    input: notice,
    logFile: path.join(sessionPaths(context.env.home, notice.session_id).gates, 'notify.log'),
    codex: readLive(context.env.home, notice.session_id)?.codex ?? null,
  })
}

/** The terminal a process has on its stdin, stdout or stderr. Linux. */
function terminalOf(pid: number | undefined): string | null {
  if (pid === undefined) return null
  for (const fd of [0, 1, 2])
    try {
      const target = fs.readlinkSync(`/proc/${pid}/fd/${fd}`)
      if (/^\/dev\/(?:pts\/\d+|tty\d+)$/.test(target)) return target
    } catch {
      // Gone, or not ours to look at.
    }
  return null
}
