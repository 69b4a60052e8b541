import type { AgentState } from '../supervisor/record/state.ts'
import type { Around } from './batch-around.ts'

/** The command that makes an agent usable again, where no other try would; null: none that we know. */
export function agentMend(
  name: string,
  unusable: AgentState['unusable'],
  { plan, usesSignIn }: Around,
): string | null {
  const agent = plan?.settings.agents[name]
  // Its model is the person's own setting of Codex, of which no approval speaks.
  if (unusable === 'model-unknown')
    return agent?.adapter === 'codex' && agent.model === undefined ? null : 'autonomous-loop allow --amend'
  return agent?.adapter === 'codex' && usesSignIn ? 'codex login' : null
}
