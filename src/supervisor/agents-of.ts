import path from 'node:path'
import type { Agent } from '../agents/agent.ts'
import { commandAgent } from '../agents/command.ts'
import { agentLauncher } from '../records/agent-launcher.ts'
import type { Context } from '../records/context.ts'
import { recordedBinary } from '../records/sandbox-binary.ts'
import type { SupervisorSettings } from '../contract/supervisor/settings.ts'
import type { OwnRepository } from '../workspace/trees/types.ts'
import type { BatchOpened } from './events.ts'

/** The agents of the config, by name. */
export function agentsOf(
  context: Context,
  own: OwnRepository,
  { batch, gatePath, top }: BatchOpened,
  settings: SupervisorSettings,
): ReadonlyMap<string, Agent> {
  const ours = ['judge', 'index', 'inventory'].map((name) => path.join(own.data, name))
  const closed = [own.dir, ...ours, own.person.commonDir, top, context.env.home]
  const launch = agentLauncher(context, recordedBinary(context), closed)
  const ground = { launch, gatePath, vars: context.env.vars, mark: batch }
  return new Map(
    Object.entries(settings.agents).flatMap(([name, agent]) =>
      agent.adapter === 'command' ? [[name, commandAgent({ ...agent, env: {} }, ground)] as const] : [],
    ),
  )
}
