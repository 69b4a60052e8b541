import { claudeReady } from '../../agents/claude/sign-in.ts'
import { codexReady } from '../../agents/codex/sign-in.ts'
import { geminiConfig } from '../../agents/gemini/config.ts'
import { geminiReady } from '../../agents/gemini/sign-in.ts'
import type { Item } from '../../backlog/item.ts'
import { type Result, never, ok } from '../../base/result.ts'
import type { AgentSettings, SupervisorSettings } from '../../contract/supervisor/settings.ts'
import type { Context } from '../../records/context.ts'
import { programOf } from '../effects/agents-of.ts'

/** The agents that a new batch would start are there and signed in. Codes: codex-missing, agent-unusable, those of codexReady, claudeReady and geminiReady. */
export function agentsReady(
  context: Context,
  { agents, roles }: SupervisorSettings,
  items: readonly (Item | null)[],
  gatePath: string,
): Result<null> {
  const names = [
    ...roles.work.slice(0, 1),
    ...roles.plan.slice(0, 1),
    ...(roles.plan.length > 0 ? roles.planReview : []),
    ...roles.review,
    ...items.flatMap((one) => [...(one?.agent ? [one.agent] : []), ...(one?.review ?? [])]),
  ]
  return namedReady(context, agents, names, gatePath)
}

/** The same of agents by their names. */
export function namedReady(
  context: Context,
  agents: SupervisorSettings['agents'],
  names: readonly string[],
  gatePath: string,
): Result<null> {
  for (const name of new Set(names)) {
    const agent = agents[name]
    const bin = agent && programOf(context, agent, gatePath)
    if (!bin) continue
    if (!bin.ok) return bin
    const ready = programReady(context, agent, bin.value)
    if (!ready.ok) return ready
  }
  return ok(null)
}

function programReady({ env }: Context, { adapter }: AgentSettings, bin: string): Result<null> {
  const { codexHome, vars } = env
  switch (adapter) {
    case 'codex':
      return codexReady(bin, codexHome, vars)
    case 'claude':
      return claudeReady(bin, vars)
    case 'gemini':
      return geminiReady(geminiConfig(vars), vars)
    case 'command':
      return ok(null)
    default:
      return never(adapter, 'adapter')
  }
}
