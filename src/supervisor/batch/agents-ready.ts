import { codexReady } from '../../agents/codex/sign-in.ts'
import type { Item } from '../../backlog/item.ts'
import { type Result, ok } from '../../base/result.ts'
import type { SupervisorSettings } from '../../contract/supervisor/settings.ts'
import type { Context } from '../../records/context.ts'
import { codexOf } from '../effects/agents-of.ts'

/** The agents that a new batch would start are there and signed in. Codes: codex-missing, those of codexReady. */
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
  const { codexHome, vars } = context.env
  for (const name of new Set(names)) {
    const agent = agents[name]
    const bin = agent && codexOf(context, agent, gatePath)
    if (!bin) continue
    if (!bin.ok) return bin
    const ready = codexReady(bin.value, codexHome, vars)
    if (!ready.ok) return ready
  }
  return ok(null)
}
