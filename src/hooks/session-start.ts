import { type Result, ok } from '../base/result.ts'
import { findCodexProcess } from '../codex/processes.ts'
import type { HookAnswer, HookPayload } from '../codex/types.ts'
import type { Context } from '../records/context.ts'
import { cliWord, pinsOf } from '../control/enable.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { type LiveRecord, execVariable, writeLive } from '../records/live.ts'
import { openPolicy } from '../records/policy.ts'
import { defaultSpool, ensureSpool } from '../control/spool.ts'
import { findRepoRoot, gitHead } from '../evidence/repo-root.ts'
import { diffPins } from '../definition/index.ts'
import type { Pin } from '../evidence/types.ts'
import { listMarkers } from '../ledger/markers.ts'
import { openRun } from '../ledger/state.ts'
import { append } from '../ledger/store.ts'
import { continuityContext } from '../verdict/words/context.ts'
import { nothing } from './handled.ts'
import { openSession } from './session-view.ts'
import { tidyNowAndThen } from './tidy.ts'

type SessionStart = Extract<HookPayload, { event: 'SessionStart' }>

/** Leaves the live record, keeps the heartbeat, and gives the model back what compaction or a resume took from it. */
export async function onSessionStart(
  context: Context,
  payload: SessionStart,
  parentPid: number,
): Promise<HookAnswer> {
  if (payload.agentId !== null) return nothing
  const { env, clock } = context
  tidyNowAndThen(context)
  const session = await openSession(context, payload)
  const before = session.ok ? session.value.live : undefined
  const live = await leaveLiveRecord(context, payload, parentPid, before)
  const warning = live.ok ? undefined : `autonomous-loop cannot vouch for this session: ${live.error.message}`
  if (!session.ok)
    return {
      kind: 'message',
      text: `autonomous-loop: this session's record does not hold: ${session.error.message}. Until that is repaired its stops end as failed closed; see autonomous-loop doctor.`,
    }
  if (!session.value.open) return warning ? { kind: 'message', text: warning } : strayRuns(context, payload)

  const written = append(env.home, payload.sessionId, clock, (state) =>
    ok(openRun(state) ? [{ type: 'session', data: { source: payload.source, cwd: payload.cwd } }] : []),
  )
  const run = written.ok ? openRun(written.value.state) : session.value.open
  return run
    ? {
        kind: 'context',
        event: 'SessionStart',
        text: continuityContext(run, cliWord(env.home)),
        ...(warning ? { systemMessage: warning } : {}),
      }
    : nothing
}

async function leaveLiveRecord(
  context: Context,
  payload: SessionStart,
  parentPid: number,
  before: LiveRecord | undefined,
): Promise<Result<true>> {
  const { env, clock } = context
  const spool = defaultSpool(env.uid, payload.sessionId)
  ensureSpool(spool, env.uid)
  const codex = findCodexProcess(parentPid) ?? null
  const mark = env.vars[execVariable]
  // A compaction comes in the middle of the agent's work: what the gates meant was seen before it began.
  if (before && payload.source === 'compact') return writeLive(env.home, { ...before, codex, at: clock() })
  const repoRoot = findRepoRoot(payload.cwd)
  const policy = openPolicy(env.home, repoRoot)
  const pins = policy.ok ? pinsOf(policy.value, repoRoot) : policy
  const config = policy.ok ? { path: policy.value.approval.path, sha256: policy.value.approval.sha256 } : null
  const began = before && pins.ok ? beganWith(before, config, pins.value) : null
  return writeLive(env.home, {
    v: 1,
    sessionId: payload.sessionId,
    codex,
    at: clock(),
    cwd: payload.cwd,
    source: payload.source,
    repoRoot,
    head: await gitHead(repoRoot, evidenceOptions(env)),
    spool,
    config,
    pins: pins.ok ? pins.value : null,
    ...(began === null ? {} : { began }),
    ...(mark === undefined ? {} : { exec: mark }),
  })
}

/** What the gates meant at this session's first start, where they mean something else at this one; null otherwise. */
function beganWith(
  before: LiveRecord,
  config: LiveRecord['config'],
  now: readonly Pin[],
): readonly Pin[] | null {
  const first = before.began ?? before.pins
  const same = before.config?.path === config?.path && before.config?.sha256 === config?.sha256
  return first && same && diffPins(first, now).length > 0 ? first : null
}

/** A `clear` or `fork` has a new id: its run stayed with the old session, and only a person may move it. */
function strayRuns(context: Context, payload: SessionStart): HookAnswer {
  if (payload.source !== 'clear' && payload.source !== 'fork') return nothing
  const root = findRepoRoot(payload.cwd)
  const runs = listMarkers(context.env.home).filter((marker) => marker.activation.repoRoot === root)
  if (runs.length === 0) return nothing
  const named = runs.map(
    (marker) => `"${marker.activation.contract.objective}" (run ${marker.activation.runId.slice(0, 12)})`,
  )
  return {
    kind: 'context',
    event: 'SessionStart',
    text:
      `autonomous-loop: another session of this repository holds an open run: ${named.join(', ')}. This session (after ${payload.source}) is not bound by it. ` +
      `The person can move it here with the prompt: autonomous-loop resume ${runs[0]?.activation.runId.slice(0, 12) ?? ''}`,
  }
}
