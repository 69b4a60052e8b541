import type { AgentState } from '../supervisor/record/state.ts'
import type { Around } from './batch-around.ts'

/** The command that makes an agent usable again, where no other try would; null: none that we know. */
export function agentMend(
  name: string,
  unusable: AgentState['unusable'],
  { plan, usesSignIn }: Around,
): string | null {
  const agent = plan?.settings.agents[name]
  // Its model is the person's own setting of that program, of which no approval speaks.
  if (unusable === 'model-unknown')
    return agent !== undefined && agent.adapter !== 'command' && agent.model === undefined
      ? null
      : 'autonomous-loop allow --amend'
  if (agent?.adapter === 'codex') return usesSignIn.codex ? 'codex login' : null
  return agent?.adapter === 'claude' && usesSignIn.claude ? 'claude auth login' : null
}
