import { findRepoRoot } from '../evidence/repo-root.ts'
import type { HookPayload } from '../codex/types.ts'
import { defaultSpool } from '../control/spool.ts'
import type { Context } from '../records/context.ts'
import { type LiveRecord, execVariable, writeLive } from '../records/live.ts'

/**
 * Leaves for `exec` why a prompt armed nothing: Codex shows no hook's words in `codex exec`, and nothing of a refusal is in a
 * ledger. Where the shim saw nothing of ours at the start of the session there is no live record yet.
 */
export function noteRefused(
  { env, clock }: Context,
  { sessionId, cwd }: HookPayload,
  live: LiveRecord | undefined,
  refused: string,
): void {
  const exec = env.vars[execVariable]
  if (exec === undefined) return
  const none: LiveRecord = {
    v: 1,
    sessionId,
    codex: null,
    at: clock(),
    cwd,
    source: 'prompt',
    repoRoot: findRepoRoot(cwd),
    head: null,
    spool: defaultSpool(env.uid, sessionId),
    config: null,
    pins: null,
  }
  writeLive(env.home, { ...(live ?? none), exec, refused })
}
