import { type Result, fail, ok } from '../base/result.ts'
import type { Policy } from '../contract/types.ts'

export type Action =
  | 'enable'
  | 'wait'
  | 'pause'
  | 'resume'
  | 'disable'
  | 'release'
  | 'amend'
  | 'allow'
  | 'cleanup'
  | 'uninstall'
  | 'install-repo'
  | 'bootstrap'
  | 'run'
  | 'land'
  | 'stop'
  | 'retry'
  | 'drop'
  | 'reopen'
  | 'accept'
  | 'reject'
  | 'clean'
  | 'doctor --repair'
  | 'batch take'
  | 'backlog import'
  | 'backlog new'
  | 'review'

/** An agent carries marks in its environment (design: CODEX_TOOL_CALL_ID, CODEX_CI, …); a person's terminal has none. */
export type Asker = 'person' | 'agent'

const agentMay: ReadonlySet<Action> = new Set(['enable', 'wait'])
const relaxable: ReadonlySet<Action> = new Set(['pause', 'resume', 'disable'])
/** Only dangerous while a contract is open: then they could take the judge away. */
const whileOpenOnly: ReadonlySet<Action> = new Set(['install-repo', 'bootstrap'])

/**
 * May this asker ask for this? The agent may add obligations and ask for help; everything that loosens belongs to the
 * person, unless the approved config says `policy.control: "agent"` for pause, resume and disable.
 */
export function mayAsk(
  action: Action,
  asker: Asker,
  circumstances: { readonly policy: Policy | null; readonly openRun: boolean; readonly force: boolean },
): Result<true> {
  if (asker === 'person' || agentMay.has(action)) return ok(true)
  if (relaxable.has(action) && circumstances.policy?.control === 'agent') return ok(true)
  if (whileOpenOnly.has(action) && !(circumstances.openRun && circumstances.force)) return ok(true)
  return fail(
    'person-only',
    `${nameOf(action)} is for the person, and this call comes from an agent's shell. The contract stays as it is.`,
    { fix: personWay(action) },
  )
}

/** As people type it; the ledger keeps the name that it had first. */
function nameOf(action: Action): string {
  return action === 'release' ? 'waive' : action
}

function personWay(action: Action): string {
  return relaxable.has(action) || action === 'release' || action === 'amend'
    ? `the person types the prompt: autonomous-loop ${nameOf(action)}${action === 'amend' ? ' <digest>' : ''}`
    : `the person runs in a terminal: autonomous-loop ${action}`
}
