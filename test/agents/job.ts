import { commandAgent } from '../../src/agents/command.ts'
import { workForm } from '../../src/agents/answer.ts'
import type { AgentEvent, Turn } from '../../src/agents/agent.ts'
import { readEnv } from '../../src/base/env.ts'
import { agentLauncher } from '../../src/records/agent-launcher.ts'

/** A stand-in for the supervisor: starts one agent, and prints what came of it unless a test kills it. */
export interface Job {
  readonly turn: Turn
  readonly home: string
  readonly codexHome: string
  readonly userHome: string
  readonly codexBin: string
  readonly mark: string
  readonly sandbox: 'on' | 'off'
  readonly script: string
}
const job = JSON.parse(process.argv[2] ?? '') as Job
const vars = { HOME: job.userHome, PATH: process.env['PATH'] }
const env = { ...readEnv(), home: job.home, codexHome: job.codexHome, vars }
const events: AgentEvent[] = []

const running = commandAgent(
  {
    argv: ['sh', '-c', job.script],
    env: {},
    writable: [],
    secrets: [],
    sandbox: job.sandbox,
    network: 'full',
  },
  {
    launch: agentLauncher({ env }, job.codexBin, []),
    gatePath: '/usr/local/bin:/usr/bin:/bin',
    vars,
    mark: job.mark,
  },
).start({ ...job.turn, form: workForm }, (event) => events.push(event))
void running.ended.then((outcome) => process.stdout.write(JSON.stringify({ events, outcome })))
