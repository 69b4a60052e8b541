import { type Result, ok } from '../base/result.ts'
import { workedSince } from '../codex/transcript/worked-since.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { lookAtRelease } from '../judging/release-look.ts'
import { sessionPaths } from '../ledger/paths.ts'
import type { ProvisionalRun, RunState } from '../ledger/state.ts'
import type { Context } from '../records/context.ts'
import { type ReleaseFate, type ReleaseSeen, fateOf } from '../verdict/release-fate.ts'
import type { FinalBy } from '../verdict/standing.ts'
import { moveRelease, reopen } from './reopen.ts'

export interface Settling {
  readonly how: Exclude<FinalBy, 'next-run'>
  /** Longest time for the look, ms; null: as long as it takes. */
  readonly withinMs: number | null
  /** The Codex of the session runs, so a turn may be under way. */
  readonly live: boolean
  /** The turn in which it is asked; null when in none. */
  readonly turnId: string | null
  /** False: only asked, nothing is written. */
  readonly write: boolean
}

/** What a provisional release came to, and its run afterwards. */
export interface SettledRelease {
  readonly fate: ReleaseFate
  readonly run: RunState
}

/** Compares a provisional release with what is there now, and makes it final, or opens its run again. Failures: those of append. */
export async function settleRelease(
  context: Context,
  sessionId: string,
  run: ProvisionalRun,
  settling: Settling,
): Promise<Result<SettledRelease>> {
  const look = await lookWithin(context, sessionId, run, settling.withinMs)
  const fate = fateOf(look, {
    how: settling.how,
    live: settling.live,
    prompted: run.release.prompted,
    worked: hasWorked(run),
  })
  if (!settling.write || fate.kind === 'provisional') return ok({ fate, run })
  const written =
    fate.kind === 'final'
      ? moveRelease(context, sessionId, run, { type: 'finalised', data: fate.look })
      : reopen(context, sessionId, run, {
          by: settling.how,
          turnId: settling.turnId,
          changes: fate.changes,
        })
  if (!written.ok) return written
  return ok({ fate, run: written.value.runs.find((one) => one.runId === run.runId) ?? run })
}

/** Whether the agent is known to have acted after its release and before a prompt came. */
function hasWorked({ release, provisional }: ProvisionalRun): boolean {
  if (release.prompted) return false
  const transcript = provisional?.transcript
  return release.worked || (transcript ? workedSince(transcript.file, transcript.bytes) === true : false)
}

async function lookWithin(
  { env }: Context,
  sessionId: string,
  run: ProvisionalRun,
  withinMs: number | null,
): Promise<ReleaseSeen> {
  const { dir } = sessionPaths(env.home, sessionId)
  if (withinMs === null) return lookAtRelease(run, dir, evidenceOptions(env))
  const late = `a look at this workspace takes longer than ${withinMs / 1000} s`
  // Parts of a look keep the thread, and no timer fires meanwhile.
  if ((run.provisional?.lookMs ?? 0) > withinMs) return { kind: 'not-looked', why: late }
  let timer: NodeJS.Timeout | undefined
  const bound = new Promise<ReleaseSeen>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'not-looked', why: late }), withinMs)
  })
  const options = evidenceOptions({ ...env, gitTimeoutMs: withinMs })
  return Promise.race([lookAtRelease(run, dir, options), bound]).finally(() => clearTimeout(timer))
}
