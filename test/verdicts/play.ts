import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as within } from 'node:timers/promises'
import { readSession } from '../../src/ledger/store.ts'
import type { Running } from '../rig/processes.ts'
import { addCommand, addMessage } from '../rig/transcript.ts'
import type { Label, Outcome, Route, Scenario, Step, Stop } from './scenario.ts'
import { type World, personShell, writeFiles } from './world.ts'

/** One stop as it was labelled and as it went. */
export interface Judged {
  readonly label: Label
  readonly outcome: Outcome
  readonly ms: number
  /** Why this is not what it ought to be; null when it is. */
  readonly miss: string | null
}

export interface Played {
  readonly scenario: string
  readonly route: Route
  readonly stops: readonly Judged[]
  /** Why a miss is expected by this route; null when none is. */
  readonly known: string | null
  /** The scenario itself could not be played: says nothing about verdicts, and counts as a failure. */
  readonly broken: string | null
}

/** Plays a scenario from the repository's first file to its last stop. Never throws. */
export async function play(world: World, scenario: Scenario, route: Route): Promise<Played> {
  const stops: Judged[] = []
  const player = new Player(world, scenario, route, stops)
  let broken: string | null = null
  try {
    await player.prepare()
    if (scenario.armFirst) await player.arm()
    for (const step of scenario.steps) await player.step(step)
  } catch (error) {
    broken = error instanceof Error ? error.message : String(error)
  } finally {
    await player.end()
  }
  return { scenario: scenario.name, route, stops, known: scenario.known[route] ?? null, broken }
}

class Player {
  readonly #world: World
  readonly #scenario: Scenario
  readonly #route: Route
  readonly #stops: Judged[]
  readonly #place: string
  readonly #workspace: string
  readonly #sessions = new Map<string, string>([['first', randomUUID()]])
  readonly #servers: Running[] = []
  readonly #started = new Set<string>()
  #session = this.#sessions.get('first')!
  #turn = 0
  #answer = ''
  #token = ''
  #said = ''

  constructor(world: World, scenario: Scenario, route: Route, stops: Judged[]) {
    this.#world = world
    this.#scenario = scenario
    this.#route = route
    this.#stops = stops
    this.#place = fs.mkdtempSync(path.join(world.lab.dir, 'place-'))
    this.#workspace = path.join(this.#place, scenario.workspace)
  }

  get #cwd(): string {
    return path.join(this.#workspace, this.#scenario.cwd)
  }

  async prepare(): Promise<void> {
    const { files, config, git, before } = this.#scenario
    const repo = path.join(this.#place, 'repo')
    fs.mkdirSync(repo)
    writeFiles(repo, { ...files, '.codex/autoloop.project.json': JSON.stringify(config) })
    const init = git === 'none' ? '' : 'git init -q -b main; '
    const commit = git === 'commit' ? 'git add -A; git commit -q -m start; ' : ''
    await this.#ended(personShell(this.#world.lab, `${init}${commit}\n${before}`, repo, this.#place))
    await this.#world.lab.json(['allow', '--repo', this.#workspace])
  }

  async arm(): Promise<void> {
    if (this.#route !== 'terminal') await this.#startSession()
    if (this.#route === 'prompt') {
      await this.#prompt('$autonomous-loop do the work')
      if (this.#scenario.tasks.length > 0) await this.#agentEnables()
    } else if (this.#route === 'spool') {
      await this.#agentEnables()
    } else {
      await this.#world.lab.json([...this.#enable(), '--session-id', this.#session])
    }
  }

  async #startSession(): Promise<void> {
    if (this.#started.has(this.#session)) return
    this.#started.add(this.#session)
    await this.#hook('session-start', { hook_event_name: 'SessionStart', source: 'startup' })
  }

  #enable(wanted: readonly unknown[] = this.#scenario.tasks): string[] {
    const tasks = wanted.flatMap((task) => ['--task-json', JSON.stringify(task)])
    return ['request', 'enable', '--cwd', this.#cwd, '--objective', 'do the work', ...tasks]
  }

  async #agentEnables(tasks = this.#scenario.tasks): Promise<void> {
    const argv = [this.#world.lab.cliPath, ...this.#enable(tasks), '--json']
    const answer = await this.#asks(argv.map(quoted).join(' '))
    if (!answer.includes('"requested"')) throw new Error(`not spooled: ${answer}`)
  }

  /** A request by the agent from inside its sandbox; Codex puts command and output into the session's transcript. */
  async #asks(command: string): Promise<string> {
    const output = await this.#agent(command, true)
    addCommand(this.#transcript, command, output)
    return output
  }

  get #transcript(): string {
    return path.join(this.#world.lab.dir, `rollout-${this.#session}.jsonl`)
  }

  async step(step: Step): Promise<void> {
    switch (step.do) {
      case 'stop':
        return this.#stop(step)
      case 'shell':
        await this.#agent(step.script, step.sandboxed)
        return
      case 'serve':
        return this.#serve(step.script)
      case 'end-servers':
        return this.#endServers()
      case 'person':
        await this.#world.lab.json(step.args.map((arg) => this.#filled(arg)))
        return
      case 'prompt':
        await this.#prompt(this.#filled(step.text))
        return
      case 'told': {
        const { systemMessage, hookSpecificOutput } = JSON.parse(this.#said || '{}')
        for (const text of [systemMessage, hookSpecificOutput?.additionalContext])
          if (!step.says.test(text ?? '')) throw new Error(`the person was not told: ${this.#said}`)
        return
      }
      case 'plan':
        await this.#hook('post-tool-use', {
          hook_event_name: 'PostToolUse',
          turn_id: `turn-${this.#turn}`,
          tool_name: 'update_plan',
          tool_input: {
            plan: step.statuses.map((status, index) => ({
              step: `${step.words ?? 'step'} ${index + 1}`,
              status,
            })),
          },
        })
        return
      case 'wait': {
        const text = await this.#asks(
          `${quoted(this.#world.lab.cliPath)} request wait --cwd . --reason 'a key is needed' --json`,
        )
        this.#token = /AUTOLOOP_WAIT:[0-9a-f]+/.exec(text)?.[0] ?? ''
        return
      }
      case 'session': {
        const known = this.#sessions.get(step.name) ?? randomUUID()
        this.#sessions.set(step.name, known)
        this.#session = known
        return
      }
      case 'session-start':
        if (!this.#started.has(this.#session)) return this.#startSession()
        await this.#hook('session-start', { hook_event_name: 'SessionStart', source: 'resume' })
        return
      case 'add':
        await this.#startSession()
        return this.#agentEnables([step.task])
      case 'arm':
        return this.arm()
      default:
        throw new Error('unknown step')
    }
  }

  async #stop(stop: Stop): Promise<void> {
    this.#turn += 1
    const before = this.#ledgerSeq()
    const started = performance.now()
    if (fs.existsSync(this.#transcript)) addMessage(this.#transcript, stop.message)
    const { stdout, code } = await this.#hook('stop', {
      hook_event_name: 'Stop',
      turn_id: `turn-${this.#turn}`,
      stop_hook_active: false,
      last_assistant_message: `${stop.message} ${this.#token}`,
    })
    const ms = Math.round(performance.now() - started)
    this.#answer = stdout
    const outcome = code === 0 ? this.#outcome(stdout, before) : 'let-go'
    const right = stop.expect.includes(outcome)
    const words = stop.says === undefined || stop.says.test(stdout)
    const miss =
      right && words
        ? null
        : `${outcome} (expected ${stop.expect.join('|')}${words ? '' : `, saying ${String(stop.says)}`}): ${stdout.slice(0, 1200)}`
    this.#stops.push({ label: stop.label, outcome, ms, miss })
  }

  /** What Codex makes of the answer, with the verdict in the ledger where the answer alone does not tell. */
  #outcome(stdout: string, seqBefore: number): Outcome {
    if (stdout === '') return 'nothing'
    const answer = JSON.parse(stdout) as { decision?: string; continue?: boolean }
    const session = readSession(this.#world.lab.home, this.#session)
    const run = session.ok ? session.value.state.runs.at(-1) : undefined
    const verdict = run && run.lastStopSeq > seqBefore ? run.lastStop?.verdict : undefined
    if (answer.decision === 'block') return verdict === 'halt' ? 'halt' : 'block'
    if (answer.continue === false) return verdict === 'park' ? 'park' : 'failed-closed'
    return verdict === 'release' && run?.status === 'released' ? 'release' : 'let-go'
  }

  #ledgerSeq(): number {
    const session = readSession(this.#world.lab.home, this.#session)
    return session.ok ? session.value.state.seq : -1
  }

  async #prompt(prompt: string): Promise<void> {
    const { stdout } = await this.#hook('user-prompt-submit', {
      hook_event_name: 'UserPromptSubmit',
      turn_id: `turn-${this.#turn}`,
      prompt,
    })
    this.#said = stdout
  }

  #hook(event: string, more: Readonly<Record<string, unknown>>) {
    const transcript = fs.existsSync(this.#transcript) ? this.#transcript : null
    const base = { session_id: this.#session, cwd: this.#cwd, transcript_path: transcript, model: 'gpt-5.5' }
    return this.#world.hook(event, this.#cwd, { ...base, ...more })
  }

  #shellPlace(sandboxed: boolean) {
    const [workspace, cwd, place] = [this.#workspace, this.#cwd, this.#place]
    return { workspace, cwd, place, sessionId: this.#session, sandboxed }
  }

  async #agent(script: string, sandboxed: boolean): Promise<string> {
    return this.#ended(this.#world.shell(script, this.#shellPlace(sandboxed)))
  }

  async #serve(script: string): Promise<void> {
    const server = this.#world.shell(script, this.#shellPlace(true))
    this.#servers.push(server)
    const ready = new Promise<true>((resolve) => {
      server.child.stdout?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('ready')) resolve(true)
      })
    })
    const failed = server.done.then((result) => {
      throw new Error(`the server ended: ${result.stderr}`)
    })
    await Promise.race([ready, failed])
    failed.catch(() => undefined)
  }

  async #endServers(): Promise<void> {
    for (const server of this.#servers.splice(0)) {
      try {
        process.kill(-server.pid, 'SIGKILL')
      } catch {
        // Ended by itself.
      }
      await Promise.race([server.done, within(5_000)])
    }
  }

  async #ended(running: Running): Promise<string> {
    const result = await running.done
    if (result.code !== 0)
      throw new Error(`the shell of the scenario ended with ${result.code}: ${result.stdout}${result.stderr}`)
    return result.stdout
  }

  #filled(text: string): string {
    const digest = /autonomous-loop amend ([0-9a-f]{12,})/.exec(this.#answer)?.[1] ?? ''
    return text
      .replaceAll('{digest}', digest)
      .replaceAll('{session}', this.#session)
      .replaceAll('{repo}', this.#workspace)
  }

  async end(): Promise<void> {
    await this.#endServers()
    for (const id of this.#sessions.values())
      fs.rmSync(`/tmp/autoloop-${process.getuid?.() ?? -1}/${id}`, { recursive: true, force: true })
    fs.rmSync(this.#place, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
