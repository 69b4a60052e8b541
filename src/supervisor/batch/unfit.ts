import type { Item } from '../../backlog/item.ts'
import { type Failure, fail } from '../../base/result.ts'
import type { SupervisorSettings } from '../../contract/supervisor/settings.ts'
import type { ProjectConfig } from '../../contract/types.ts'

type Unfit = { readonly ok: false; readonly error: Failure } | null

/** What a batch cannot go without, and what it would have to pass over without a word. Codes: batch-config, agent-missing. Pure. */
export function unfitConfig(config: ProjectConfig, settings: SupervisorSettings, file: string): Unfit {
  const old = unfitVersion(config, file)
  if (old !== null) return old
  if (settings.roles.work.length === 0)
    return fail('batch-config', `${file} names no agent: supervisor.agents is empty`, {
      fix: `add "supervisor": {"agents": {"mine": {"adapter": "command", "argv": ["./agent.sh"]}}} to ${file}, and run: autonomous-loop allow`,
    })
  const { work, plan, planReview, review } = settings.roles
  const missing = [...work, ...plan, ...planReview, ...review].find(
    (name) => settings.agents[name] === undefined,
  )
  if (missing !== undefined) return missingAgent(missing, file)
  const without = withoutEffect(settings)
  return without.length === 0
    ? null
    : ignored(
        without.map((name) => `supervisor.${name}`),
        file,
      )
}

/** What keeps every commit from being proved. Code: batch-config. Pure. */
export function unfitVersion({ version }: ProjectConfig, file: string): Unfit {
  return version === 2
    ? null
    : fail('batch-config', `${file} has version 1, in which no gate runs in a clean room`, {
        fix: 'autonomous-loop install-repo --force',
      })
}

/** The same of what items ask for. */
export function unfitItems(items: readonly Item[], { agents }: SupervisorSettings): Unfit {
  for (const { agent, review, file } of items)
    for (const name of [...(agent === null ? [] : [agent]), ...(review ?? [])])
      if (agents[name] === undefined) return missingAgent(name, file)
  return null
}

/** Settings that are read and that this version does nothing about. */
function withoutEffect({ gateJobs }: SupervisorSettings): readonly string[] {
  return gateJobs === null ? [] : ['gateJobs']
}

function missingAgent(name: string, file: string): Unfit {
  return fail('agent-missing', `${file} names the agent "${name}", which supervisor.agents does not have`, {
    fix: 'name one of supervisor.agents, or add it there, then: autonomous-loop allow',
  })
}

function ignored(names: readonly string[], file: string): Unfit {
  return fail('batch-config', `${file} asks for what this version does not do yet: ${names.join(', ')}`, {
    fix: `take ${names.length === 1 ? 'it' : 'them'} out, then: autonomous-loop allow`,
    data: { settings: names },
  })
}
