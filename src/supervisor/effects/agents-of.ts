import path from 'node:path'
import type { Agent } from '../../agents/agent.ts'
import { commandAgent } from '../../agents/command.ts'
import { type Result, ok } from '../../base/result.ts'
import { copiesNow } from '../../control/copies.ts'
import { agentLauncher } from '../../records/agent-launcher.ts'
import type { Context } from '../../records/context.ts'
import { recordedBinary } from '../../records/sandbox-binary.ts'
import type { SupervisorSettings } from '../../contract/supervisor/settings.ts'
import type { OwnRepository } from '../../workspace/trees/types.ts'
import type { BatchOpened } from '../record/events.ts'
import type { Ground } from '../world.ts'

/**
 * What no agent reads, in the box: records of batches, with the prompts of others and the room in which trees are judged, and the
 * files of `copy`, which are for gates. Codes: those of copiesNow.
 */
export async function hiddenFromAgents({
  context,
  opened,
  config,
  repo,
}: Ground): Promise<Result<readonly string[]>> {
  const root = path.join(opened.top, opened.prefix)
  const copied = await copiesNow(context, root, config)
  if (!copied.ok) return copied
  const files = (copied.value?.files ?? []).map((one) => path.join(root, one.path))
  return ok([path.dirname(repo.dir), ...files])
}

/** The agents of the config, by name. */
export function agentsOf(
  context: Context,
  own: OwnRepository,
  { batch, gatePath, top }: BatchOpened,
  settings: SupervisorSettings,
  hidden: readonly string[],
): ReadonlyMap<string, Agent> {
  const ours = ['judge', 'index', 'inventory', 'prompts'].map((name) => path.join(own.data, name))
  const closed = [own.dir, ...ours, own.person.commonDir, top, context.env.home]
  const launch = agentLauncher(context, recordedBinary(context), closed, hidden)
  const ground = { launch, gatePath, vars: context.env.vars, mark: batch }
  return new Map(
    Object.entries(settings.agents).flatMap(([name, agent]) =>
      agent.adapter === 'command' ? [[name, commandAgent({ ...agent, env: {} }, ground)] as const] : [],
    ),
  )
}
