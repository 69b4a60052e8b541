import path from 'node:path'
import type { Agent } from '../../agents/agent.ts'
import { claudeAgent } from '../../agents/claude/claude.ts'
import { findClaudeBinary } from '../../agents/claude/find-binary.ts'
import { claudeConfigDir, trustsProject } from '../../agents/claude/sign-in.ts'
import { codexAgent } from '../../agents/codex/codex.ts'
import { findCodexBinary } from '../../agents/codex/find-binary.ts'
import { personConfig } from '../../agents/codex/person-config.ts'
import { commandAgent } from '../../agents/command.ts'
import type { AgentGround } from '../../agents/launch.ts'
import { geminiConfig } from '../../agents/gemini/config.ts'
import { findGemini } from '../../agents/gemini/find-binary.ts'
import { geminiAgent } from '../../agents/gemini/gemini.ts'
import { type Result, never, ok } from '../../base/result.ts'
import { copiesNow } from '../../control/copies.ts'
import { agentLauncher } from '../../records/agent-launcher.ts'
import type { Context } from '../../records/context.ts'
import { recordedBinary } from '../../records/sandbox-binary.ts'
import type { AgentSettings, SupervisorSettings } from '../../contract/supervisor/settings.ts'
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
    Object.entries(settings.agents).flatMap(([name, agent]) => {
      const started = agentOf(context, top, agent, ground)
      return started === null ? [] : [[name, started] as const]
    }),
  )
}

/** Null: this version does not start it, or it is not there. */
function agentOf(context: Context, top: string, agent: AgentSettings, ground: AgentGround): Agent | null {
  if (agent.adapter === 'command') return commandAgent({ ...agent, env: {} }, ground)
  const bin = programOf(context, agent, ground.gatePath)
  if (!bin?.ok) return null
  const { codexHome, vars } = context.env
  switch (agent.adapter) {
    case 'codex': {
      const { model = null, effort = null, network } = agent
      const isTrusted = personConfig(codexHome).isTrusted(top)
      return codexAgent({ bin: bin.value, codexHome, model, effort, network, isTrusted }, ground)
    }
    case 'claude': {
      const { model = null, effort = null } = agent
      const [configDir, isTrusted] = [claudeConfigDir(vars), trustsProject(vars, top)]
      return claudeAgent({ bin: bin.value, configDir, model, effort, isTrusted }, ground)
    }
    case 'gemini':
      return geminiAgent({ bin: bin.value, config: geminiConfig(vars), model: agent.model ?? null }, ground)
    default:
      return never(agent, 'agent')
  }
}

/** The program that an agent is; null where its command says it. Codes: codex-missing, agent-unusable. */
export function programOf(context: Context, agent: AgentSettings, gatePath: string): Result<string> | null {
  const { vars } = context.env
  switch (agent.adapter) {
    case 'codex':
      return findCodexBinary({ bin: agent.bin, vars, gatePath, recorded: recordedBinary(context) })
    case 'claude':
      return findClaudeBinary({ bin: agent.bin, vars, gatePath })
    case 'gemini':
      return findGemini({ bin: agent.bin, vars, gatePath })
    case 'command':
      return null
    default:
      return never(agent, 'agent')
  }
}
