import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import {
  type Answer,
  type Installed,
  type InstalledOptions,
  message,
  withInstalled,
} from '../rig/installed.ts'

/** New in every test file: spools lie in one place for the whole machine. */
export const SESSION: string = randomUUID()
export const OTHER_SESSION: string = randomUUID()

/** What a hook printed, parsed; null for nothing. */
export type Said = Answer

export interface World {
  readonly lab: Installed
  /** Calls the installed shim as Codex does. */
  hook(event: string, more?: Record<string, unknown>, env?: Readonly<Record<string, string>>): Said
  start(source?: string): Said
  prompt(text: string): Said
  stop(message?: string): Said
  /** `$autonomous-loop` as the person's prompt, in a session that has just begun. */
  arm(objective?: string): void
  /** As arm; the agent then asks for these tasks, in the place of the implicit one. */
  armWith(...tasks: readonly object[]): void
  /** What a shell command of an agent without a sandbox comes to: its output; a failure throws. */
  agent(shell: string): string
  work(): void
  state(): Promise<Answer>
  audit(): Promise<Answer>
  /** Files of the session in the home. */
  readonly ledger: string
  readonly marker: string
  readonly sessionDir: string
  /** Everything as it was when the world was made, whatever a test did to it. */
  reset(): void
}

/**
 * An installation with one repository in which the hooks are called by hand: many attacks need no Codex to be judged.
 * `close` removes it; call it in afterAll.
 */
export async function makeWorld(
  options: Partial<InstalledOptions> = {},
): Promise<{ world: World; close: () => Promise<void> }> {
  let finish: () => void = () => undefined
  const done = new Promise<void>((resolve) => (finish = resolve))
  let ended: Promise<void> = Promise.resolve()
  const lab = await new Promise<Installed>((resolve, reject) => {
    ended = withInstalled({ script: () => () => [message('hello')], ...options }, async (ready) => {
      resolve(ready)
      await done
    })
    ended.catch(reject)
  })
  const world = worldOf(lab)
  return {
    world,
    close: async () => {
      world.reset()
      finish()
      await ended
    },
  }
}

function worldOf(lab: Installed): World {
  const { home, repo } = lab
  const saved = path.join(lab.dir, 'saved')
  const copy = (from: string, to: string): void =>
    fs.cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  copy(home, path.join(saved, 'home'))
  copy(repo, path.join(saved, 'repo'))
  const spool = path.join('/tmp', `autoloop-${process.getuid?.() ?? 0}`, SESSION)
  const hook: World['hook'] = (event, more = {}, env = {}) => {
    const names: Record<string, string> = {
      stop: 'Stop',
      'session-start': 'SessionStart',
      'user-prompt-submit': 'UserPromptSubmit',
      'post-tool-use': 'PostToolUse',
    }
    const payload = {
      session_id: SESSION,
      turn_id: 'turn-1',
      transcript_path: null,
      cwd: repo,
      hook_event_name: names[event],
      model: 'gpt-5.5',
      permission_mode: 'default',
      ...more,
    }
    const run = spawnSync(path.join(home, 'bin', 'hook'), [event], {
      input: JSON.stringify(payload),
      encoding: 'utf8',
      cwd: fs.existsSync(repo) ? repo : lab.dir,
      env: lab.env(env),
      timeout: 45_000,
    })
    if (run.error) return { gone: String(run.error) }
    if (run.status !== 0) throw new Error(`hook ${event} ended with ${run.status}: ${run.stderr}`)
    return run.stdout === '' ? null : JSON.parse(run.stdout)
  }
  const sessionDir = path.join(home, 'sessions', SESSION)
  const world: World = {
    lab,
    hook,
    start(source = 'startup') {
      // As an agent makes it with its first request; what it leaves there by hand needs a place.
      fs.mkdirSync(spool, { recursive: true, mode: 0o700 })
      return hook('session-start', { source })
    },
    prompt: (text) => hook('user-prompt-submit', { prompt: text }),
    stop: (said = 'Done.') => hook('stop', { stop_hook_active: false, last_assistant_message: said }),
    arm(objective = 'Write the greeting') {
      world.start()
      const said = world.prompt(`$autonomous-loop ${objective}`)
      if (!said?.systemMessage?.includes('armed.')) throw new Error(`not armed: ${JSON.stringify(said)}`)
    },
    armWith(...tasks) {
      world.arm()
      const flags = tasks.flatMap((task) => ['--task-json', JSON.stringify(task)])
      const run = spawnSync(
        lab.cliPath,
        ['request', 'enable', '--cwd', repo, '--session-id', SESSION, '--objective', 'x', ...flags],
        { encoding: 'utf8', cwd: repo, env: lab.env({ CODEX_CI: '1', CODEX_SESSION_ID: SESSION }) },
      )
      if (run.status !== 0) throw new Error(`enable: ${run.stdout}${run.stderr}`)
    },
    agent(shell) {
      const run = spawnSync('/bin/sh', ['-euc', shell], {
        encoding: 'utf8',
        cwd: repo,
        env: lab.env({ CODEX_CI: '1', CODEX_TOOL_CALL_ID: 'call', CODEX_SESSION_ID: SESSION, AL: home }),
        timeout: 45_000,
      })
      if (run.status !== 0) throw new Error(`the attack itself failed: ${run.stdout}${run.stderr}`)
      return run.stdout
    },
    work: () => lab.write('src/greeting.txt', 'hello\n'),
    async state() {
      const { sessions } = await lab.json(['status', '--cwd', repo])
      return sessions[0] ?? { state: 'none' }
    },
    async audit() {
      const run = await lab.cli(['audit', '--cwd', repo, '--session-id', SESSION, '--json'])
      const answer: Answer = JSON.parse(run.stdout)
      if ((run.code === 0) !== answer.ok) throw new Error(`audit ended with ${run.code}: ${run.stdout}`)
      return answer.sessions[0]
    },
    sessionDir,
    ledger: path.join(sessionDir, 'ledger.jsonl'),
    marker: path.join(home, 'armed', SESSION),
    reset() {
      for (const [name, place] of [
        ['home', home],
        ['repo', repo],
      ] as const) {
        fs.rmSync(place, { recursive: true, force: true, maxRetries: 5 })
        copy(path.join(saved, name), place)
      }
      fs.rmSync(spool, { recursive: true, force: true })
    },
  }
  return world
}

/** Ids of what an audit found. */
export function codes(audit: Answer): string[] {
  return [...new Set<string>(audit.findings.map((one: { code: string }) => one.code))].sort()
}
