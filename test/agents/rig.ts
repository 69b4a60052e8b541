import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Agent, AgentEvent, Outcome, StopHow, Turn } from '../../src/agents/agent.ts'
import type { AgentProcess } from '../../src/agents/agent-process.ts'
import { type Answer, workForm } from '../../src/agents/answer.ts'
import { type CommandAgent, commandAgent } from '../../src/agents/command.ts'
import { ok } from '../../src/base/result.ts'
import type { AgentLauncher } from '../../src/agents/launch.ts'
import { readEnv } from '../../src/base/env.ts'
import { agentLauncher } from '../../src/records/agent-launcher.ts'
import { bundle } from '../gates/rig.ts'
import { codexBinary } from '../rig/binaries.ts'
import { type Machine, onMachines } from '../rig/machines.ts'
import type { Job } from './job.ts'

export const gatePath = `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`

/**
 * What lies around an agent, below the person's home: a home of ours, a data directory with a repository of ours and worktrees, and
 * the person's repository.
 */
export interface Lab {
  readonly dir: string
  readonly home: string
  readonly codexHome: string
  readonly data: string
  readonly workspace: string
  readonly person: string
  readonly scratch: string
  readonly turn: Turn
  at(...names: string[]): string
  /** Closed is what of the data directory belongs to us. */
  launcher(): AgentLauncher
  agent(what: Partial<CommandAgent>, more?: Partial<Parameters<typeof commandAgent>[1]>): Agent
  remove(): void
}

export function makeLab(name = 'lab'): Lab {
  const dir = fs.mkdtempSync(path.join(fs.realpathSync(os.homedir()), `.autoloop-agents-${name}-`))
  const at = (...names: string[]): string => path.join(dir, ...names)
  const git = (cwd: string, ...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd })
  }
  for (const one of [
    'codex-home/autoloop',
    'data/judge',
    'data/index',
    'person/.codex',
    'vars-home/.config',
    'vars-home/.npm/_cacache',
  ])
    fs.mkdirSync(at(one), { recursive: true })
  fs.writeFileSync(at('person/.codex/autoloop.project.json'), '{}')
  fs.writeFileSync(at('person/a.txt'), 'a\n')
  git(at('person'), 'init', '-q', '-b', 'main')
  git(at('person'), 'add', '-A')
  git(at('person'), 'commit', '-qm', 'start')
  git(dir, 'clone', '-q', '--bare', at('person'), at('data/repo.git'))
  for (const tree of ['one', 'two'])
    git(at('data/repo.git'), 'worktree', 'add', '-q', '--detach', at('data/worktrees', tree), 'main')
  const home = at('codex-home/autoloop')
  const attempt = path.join(home, 'batches/r/b1/attempts/001-1')
  fs.mkdirSync(attempt, { recursive: true })
  const promptFile = path.join(attempt, 'prompt.md')
  fs.writeFileSync(promptFile, 'Add a greeting\n')
  const lab: Lab = {
    dir,
    home,
    codexHome: at('codex-home'),
    data: at('data'),
    workspace: at('data/worktrees/one'),
    person: at('person'),
    scratch: at('data/scratch/001-1'),
    turn: {
      role: 'work',
      form: workForm,
      item: '001',
      attempt: 1,
      turn: 1,
      workspace: at('data/worktrees/one'),
      promptFile,
      dir: attempt,
      scratch: at('data/scratch/001-1'),
      conversation: null,
      effort: null,
      spent: 0,
      limits: { silentMs: 60_000, lengthMs: 60_000, graceMs: 5000 },
    },
    at,
    launcher: () =>
      agentLauncher(
        {
          env: {
            ...readEnv(),
            home,
            codexHome: at('codex-home'),
            vars: { HOME: at('vars-home'), PATH: gatePath },
          },
        },
        codexBinary(),
        [at('data/repo.git'), at('data/judge'), at('data/index'), at('data/worktrees/two'), at('person')],
      ),
    agent: (what, more) =>
      commandAgent(
        {
          argv: ['true'],
          env: {},
          writable: [],
          secrets: [],
          sandbox: 'on',
          network: 'full',
          ...what,
        },
        {
          launch: lab.launcher(),
          gatePath,
          vars: { HOME: at('vars-home'), PATH: gatePath },
          mark: `batch-${path.basename(dir)}`,
          ...more,
        },
      ),
    remove: () => fs.rmSync(dir, { recursive: true, force: true }),
  }
  return lab
}

/** A launcher of an agent without a box, which never asks for one. */
export const noLauncher: AgentLauncher = () => ok({ argv: ['false'], env: {}, sandboxed: false })

export interface Watched<A = Answer> {
  readonly events: readonly AgentEvent[]
  readonly outcome: Promise<Outcome<A>>
  /** Resolves once it is told; never when the agent does not start. */
  readonly process: Promise<AgentProcess>
  stop(how: StopHow): void
  /** Resolves with the content once the agent has written this file. */
  wrote(file: string): Promise<string>
}

export function watch<A>(agent: Agent, turn: Turn<A>): Watched<A> {
  const events: AgentEvent[] = []
  let told: (process: AgentProcess) => void = () => undefined
  const process = new Promise<AgentProcess>((resolve) => {
    told = resolve
  })
  const running = agent.start(turn, (event) => {
    events.push(event)
    if (event.kind === 'started') told(event.process)
  })
  return {
    events,
    process,
    outcome: running.ended,
    stop: (how) => running.stop(how),
    wrote: (file) => appeared(file, running.ended),
  }
}

/** Rejects when the agent ends first. */
async function appeared(file: string, ended: Promise<Outcome<unknown>>): Promise<string> {
  let outcome: Outcome<unknown> | null = null
  void ended.then((end) => {
    outcome = end
  })
  for (;;) {
    const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
    if (text.endsWith('\n')) return text.trim()
    if (outcome !== null) throw new Error(`${file} was never written: ${JSON.stringify(outcome)}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export const sh = (script: string): { readonly argv: readonly string[] } => ({ argv: ['sh', '-c', script] })

/** What the agent said. */
export function said({ turn }: Lab): string {
  const file = path.join(turn.dir, `turn-${turn.turn}.log`)
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
}

/** Starts an agent from a process of its own, on such machines. */
export async function inOwnProcess(
  lab: Lab,
  what: Partial<Job> & Pick<Job, 'script'>,
  machines: readonly Machine[] = [],
): Promise<{ readonly events: readonly AgentEvent[]; readonly outcome: Outcome }> {
  const { child, done } = startJob(lab, what, machines)
  const output: Buffer[] = []
  child.stdout?.on('data', (bytes: Buffer) => output.push(bytes))
  await done
  return JSON.parse(Buffer.concat(output).toString()) as never
}

export function startJob(
  lab: Lab,
  what: Partial<Job> & Pick<Job, 'script'>,
  machines: readonly Machine[] = [],
): { readonly child: ChildProcess; readonly done: Promise<unknown> } {
  const program = bundle({ dir: lab.dir } as Parameters<typeof bundle>[0], 'test/agents/job.ts')
  const job: Job = {
    turn: lab.turn,
    home: lab.home,
    codexHome: lab.codexHome,
    userHome: lab.at('vars-home'),
    codexBin: codexBinary(),
    mark: 'b1',
    sandbox: 'on',
    ...what,
  }
  const [file = '', ...args] = onMachines(machines, { codexBin: codexBinary(), kept: lab.dir }, [
    process.execPath,
    program,
    JSON.stringify(job),
  ])
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: '/',
    env: { PATH: process.env['PATH'] },
  })
  return { child, done: new Promise((resolve) => child.once('close', resolve)) }
}
