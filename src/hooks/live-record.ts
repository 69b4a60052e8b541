import path from 'node:path'
import type { Env } from '../base/env.ts'
import { type Result, ok } from '../base/result.ts'
import { findCodexProcess } from '../codex/processes.ts'
import type { HookPayload } from '../codex/types.ts'
import { usesCleanRoom } from '../contract/verify.ts'
import { definitionOf } from '../control/enable.ts'
import { defaultSpool, ensureDirectory } from '../control/spool.ts'
import { diffPins } from '../definition/index.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { findRepoRoot, gitHead, gitRefs } from '../evidence/repo-root.ts'
import type { Pin } from '../definition/types.ts'
import type { Context } from '../records/context.ts'
import { lookAtHooks } from '../records/hook-look.ts'
import { type LiveRecord, execVariable, writeLive } from '../records/live.ts'
import { openPolicy } from '../records/policy.ts'
import { stopStanding } from '../records/stop-held.ts'

/** Records that a hook of this session runs, and what the gates mean before the agent acts. Failures: those of writeLive. */
export async function leaveLiveRecord(
  context: Context,
  payload: Extract<HookPayload, { event: 'SessionStart' }>,
  parentPid: number,
  before: LiveRecord | undefined,
): Promise<Result<LiveRecord>> {
  const { env, clock } = context
  const spool = defaultSpool(env.uid, payload.sessionId)
  ensureDirectory(path.dirname(spool), env.uid)
  const codex = findCodexProcess(parentPid, payload.host) ?? null
  const mark = env.vars[execVariable]
  // A compaction comes in the middle of the agent's work: what the gates meant was seen before it began. Nor does Codex
  // look at its hooks again.
  if (before && payload.source === 'compact') return leave(env, { ...before, codex, at: clock() })
  const repoRoot = findRepoRoot(payload.cwd)
  const policy = openPolicy(env.home, repoRoot)
  const definition = policy.ok ? definitionOf(policy.value, repoRoot) : policy
  const config = policy.ok ? { path: policy.value.approval.path, sha256: policy.value.approval.sha256 } : null
  const began = before && definition.ok ? beganWith(before, config, definition.value.pins) : null
  const options = evidenceOptions(env)
  // What an agent spools later cannot vouch for branches and tags.
  const refs = policy.ok && usesCleanRoom(policy.value.config) ? await gitRefs(repoRoot, options) : null
  const stop = stopStanding(lookAtHooks(env, payload.host), 'SessionStart')
  return leave(env, {
    v: 1,
    ...(payload.host === undefined ? {} : { host: payload.host }),
    sessionId: payload.sessionId,
    codex,
    at: clock(),
    cwd: payload.cwd,
    source: payload.source,
    repoRoot,
    head: await gitHead(repoRoot, options),
    ...(refs === null ? {} : { refs }),
    spool,
    config,
    pins: definition.ok ? definition.value.pins : null,
    ...(definition.ok ? { steps: definition.value.steps } : {}),
    ...(began === null ? {} : { began }),
    ...(stop === null ? {} : { stop: stop.state }),
    ...(mark === undefined ? {} : { exec: mark }),
  })
}

function leave({ home }: Env, live: LiveRecord): Result<LiveRecord> {
  const written = writeLive(home, live)
  return written.ok ? ok(live) : written
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
