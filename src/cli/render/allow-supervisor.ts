import { shellWord } from '../../base/shell-word.ts'
import { reachesOutside } from '../../contract/network.ts'
import {
  type AgentSettings,
  type SupervisorSettings,
  supervisorOf,
} from '../../contract/supervisor/settings.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import { type Doc, type Line, columns, quiet, strong, warn } from './doc.ts'
import { notifyLine } from './notify-line.ts'

/** Which agents a config lets a supervisor start, and with which rights; nothing where it does not speak of one. */
export function supervisorDoc(config: ProjectConfig): Doc {
  if (config.supervisor === undefined) return []
  const settings = supervisorOf(config)
  return [
    ...columns(
      [
        ...Object.entries(settings.agents).map(agentLine),
        ...roleLines(settings),
        ...protectLines(settings),
        ...quotaLines(settings),
      ],
      2,
    ),
    ...Object.entries(settings.on).map(([event, one]) => notifyLine(`on.${event}`, one, config.version)),
  ]
}

function agentLine([name, agent]: readonly [string, AgentSettings]): Line {
  return [quiet('agent'), strong(name), calledBy(agent), rightsOf(agent)]
}

function calledBy(agent: AgentSettings): string {
  if (agent.adapter === 'command') return agent.argv.map(shellWord).join(' ')
  const settings = [
    ...(agent.model === undefined ? [] : [`model ${agent.model}`]),
    ...('effort' in agent ? [`effort ${agent.effort}`] : []),
  ]
  return [shellWord(agent.bin ?? agent.adapter), ...settings].join(', ')
}

function rightsOf(agent: AgentSettings): Line[number] {
  if (agent.adapter === 'codex') return quiet(`in Codex's own sandbox, network of commands: ${agent.network}`)
  if (agent.adapter !== 'command') return quiet('sandboxed, network: full')
  const rights = [
    agent.sandbox === 'on' ? `sandboxed, network: ${agent.network}` : 'NOT sandboxed',
    ...(reachesOutside(agent.network) ? ['with the servers of this machine'] : []),
    ...(agent.secrets.length > 0 ? [`gets ${agent.secrets.join(', ')}`] : []),
    ...(agent.writable.length > 0 ? [`may write ${agent.writable.join(', ')}`] : []),
  ].join(', ')
  return agent.sandbox === 'on' ? quiet(rights) : warn(rights)
}

function roleLines({ roles }: SupervisorSettings): Line[] {
  return Object.entries(roles).flatMap(([role, names]): Line[] =>
    names.length > 0 ? [[quiet('role'), role, names.join(', ')]] : [],
  )
}

function protectLines({ protect }: SupervisorSettings): Line[] {
  return protect.length > 0 ? [[quiet('protect'), '', protect.join(', ')]] : []
}

/** Approving it is a person's yes to a change of who pays. */
function quotaLines({ onQuota, roles }: SupervisorSettings): Line[] {
  if (onQuota !== 'next' || (roles.work.length < 2 && roles.plan.length < 2)) return []
  return [
    [
      quiet('onQuota'),
      strong('next'),
      warn('the next agent of the role goes on, and another account may pay'),
    ],
  ]
}
