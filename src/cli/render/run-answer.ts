import { hashContract } from '../../contract/hash.ts'
import type { RunState } from '../../ledger/state.ts'

/** Answer to a request that changed a run, with the original's field names. */
export function runChangeAnswer(
  action: string,
  requestId: string,
  found: { readonly sessionId: string; readonly sessionIdSource: string; readonly repoRoot: string },
  run: RunState,
  next: string,
): object {
  return {
    action,
    request_id: requestId,
    repo_root: found.repoRoot,
    activation_mode: found.sessionIdSource.startsWith('CODEX_') ? 'direct-env' : 'terminal',
    session_id: found.sessionId,
    session_id_source: found.sessionIdSource,
    run_id: run.runId,
    contract_hash: hashContract(run.contract),
    state: run.status,
    next,
  }
}
