import { spawn } from 'node:child_process'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { type Env, readEnv } from '../../src/base/env.ts'
import type { Result } from '../../src/base/result.ts'
import { applyAllow, planAllow } from '../../src/control/allow.ts'
import { type Context, realContext } from '../../src/records/context.ts'
import { type HomePaths, type SessionPaths, homePaths, sessionPaths } from '../../src/ledger/paths.ts'
import { ensureHome } from '../../src/ledger/home.ts'
import { readEvents } from '../../src/ledger/ledger-file.ts'
import type { LedgerEvent } from '../../src/ledger/events.ts'
import type { LedgerState } from '../../src/ledger/state.ts'
import { readSession } from '../../src/ledger/store.ts'
import { renderHookShim } from '../../src/setup/shim.ts'
import { guardDefine } from '../../scripts/inner-programs.js'
import { projectRoot } from '../rig/root.ts'
import { killAllOf } from '../rig/processes.ts'
import { addCommand } from '../rig/transcript.ts'

const version = '9.9.9'

export const events = {
  stop: 'Stop',
  'session-start': 'SessionStart',
  'user-prompt-submit': 'UserPromptSubmit',
  'post-tool-use': 'PostToolUse',
  'subagent-start': 'SubagentStart',
  'subagent-stop': 'SubagentStop',
} as const
export type ShimEvent = keyof typeof events

/** What one hook call came to. */
export interface Called {
  readonly stdout: string
  readonly code: number | null
  /** How Codex would take it. */
  readonly kind: 'nothing' | 'message' | 'block' | 'end' | 'context' | 'no JSON'
  readonly text: string
  readonly ms: number
}

export interface CallOptions {
  readonly session?: string
  readonly env?: Readonly<Record<string, string>>
  /** Members of the payload beside the usual ones. */
  readonly more?: Readonly<Record<string, unknown>>
  /** Instead of the payload that is made. */
  readonly raw?: string
  /** Arguments before the shim, such as a shell that sets limits first. */
  readonly wrapper?: readonly string[]
  /** Told of the process that was started. */
  readonly started?: (pid: number) => void
  readonly cwd?: string
  readonly uid?: number
}

/** A machine with our shim, our bundle and one approved repository; gates run without the sandbox, no Codex is needed. */
export interface World {
  readonly dir: string
  readonly home: string
  readonly codexHome: string
  readonly repo: string
  readonly session: string
  readonly context: Context
  readonly paths: SessionPaths
  readonly all: HomePaths
  readonly shim: string
  call(event: ShimEvent, options?: CallOptions): Promise<Called>
  /** In the repository, with nobody's settings. */
  git(...args: string[]): void
  write(file: string, text: string): void
  state(session?: string): LedgerState
  events(session?: string): readonly LedgerEvent[]
  /** Approves the config as it is now. */
  approve(config: unknown): void
  machine(stopTimeoutSeconds: number): void
  /** Remembers home, repository and spool; the answer puts them back. */
  snapshot(): () => void
  remove(): void
}

let bundled: ReadonlyMap<string, string> | undefined
/** The hook as it ships, built once per test process: dist/ may be rebuilt by somebody else meanwhile. */
function bundle(): ReadonlyMap<string, string> {
  if (bundled === undefined) {
    const built = buildSync({
      absWorkingDir: projectRoot,
      entryPoints: {
        hook: 'src/hooks/boot.ts',
        'hook.main': 'src/hooks/entry.ts',
        'hook.judge': 'src/hooks/whole.ts',
        'hook.formats': 'src/workspace/formats.ts',
      },
      outdir: 'never-written',
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      target: 'node20.19',
      external: ['node-pty', './engine.ts', './formats.ts'],
      mainFields: ['module', 'main'],
      supported: { 'dynamic-import': false },
      define: guardDefine(),
      format: 'cjs',
      minify: true,
      write: false,
      logLevel: 'error',
    })
    bundled = new Map(built.outputFiles.map((file) => [path.basename(file.path), file.text]))
  }
  return bundled
}

export const gateScript = `if [ "$(head -c 100 src/work.txt 2>/dev/null)" = right ]; then exit 0; fi
echo 'CHECK: src/work.txt is not right' >&2
exit 1
`
export const plainConfig = {
  version: 1,
  commands: { check: { argv: ['sh', 'check.sh'], timeoutSeconds: 60 } },
  policy: { sandbox: 'off' },
}

export function makeWorld(
  options: { readonly preload?: string; readonly files?: ReadonlyMap<string, string> } = {},
): World {
  // First, because it can fail, and then nothing is there to be removed.
  const files = options.files ?? bundle()
  const dir = fs.mkdtempSync(path.join(fs.realpathSync(os.homedir()), '.autoloop-faults-'))
  const at = (...names: string[]): string => path.join(dir, ...names)
  const [codexHome, repo] = [at('codex'), at('repo')]
  const home = path.join(codexHome, 'autoloop')
  for (const one of [home, repo, at('user')]) fs.mkdirSync(one, { recursive: true })
  const vars = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: at('user'),
    CODEX_HOME: codexHome,
    LANG: 'C.UTF-8',
  }
  const env: Env = { ...readEnv(), vars, cwd: repo, codexHome, home }
  const context = realContext(env)
  must(ensureHome(home))

  fs.mkdirSync(path.join(home, 'bin', version))
  for (const [name, text] of files) fs.writeFileSync(path.join(home, 'bin', version, name), text)
  const node = options.preload ? at('node') : process.execPath
  if (options.preload)
    fs.writeFileSync(node, `#!/bin/sh\nexec '${process.execPath}' --require '${options.preload}' "$@"\n`, {
      mode: 0o755,
    })
  const shim = path.join(home, 'bin', 'hook')
  const template = fs.readFileSync(path.join(projectRoot, 'hooks/hook.sh'), 'utf8')
  fs.writeFileSync(shim, renderHookShim(template, { node, home, codexHome, version, uid: env.uid }), {
    mode: 0o755,
  })

  const git = (...args: string[]): void =>
    void execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@localhost', ...args], {
      cwd: repo,
      env: { ...vars, GIT_CONFIG_NOSYSTEM: '1' },
      stdio: 'pipe',
    })
  const session = randomUUID()
  const world: World = {
    dir,
    home,
    codexHome,
    repo,
    session,
    context,
    shim,
    paths: sessionPaths(home, session),
    all: homePaths(home),
    call: (event, more = {}) => call(world, vars, event, more),
    git,
    write(file, text) {
      fs.mkdirSync(path.dirname(path.join(repo, file)), { recursive: true })
      fs.writeFileSync(path.join(repo, file), text)
    },
    state: (id = session) => must(readSession(home, id)).state,
    events(id = session) {
      const read = readEvents(sessionPaths(home, id).ledger)
      return read.ok ? read.value.events : []
    },
    approve(config) {
      world.write('.codex/autoloop.project.json', JSON.stringify(config))
      must(applyAllow(context, must(planAllow(context, repo))))
    },
    machine(stopTimeoutSeconds) {
      const machine = {
        v: 1,
        version,
        installedAt: 0,
        node: process.execPath,
        codexHome,
        codex: null,
        stopTimeoutSeconds,
        nodePty: null,
        hooks: [],
        hooksInstalled: null,
        files: {},
      }
      fs.writeFileSync(path.join(home, 'machine.json'), JSON.stringify(machine))
    },
    snapshot() {
      const kept = at(`kept-${randomUUID()}`)
      const places = [home, repo, spoolRoot(world)].filter((one) => fs.existsSync(one))
      places.forEach((place, index) =>
        fs.cpSync(place, path.join(kept, String(index)), {
          recursive: true,
          verbatimSymlinks: true,
          preserveTimestamps: true,
        }),
      )
      return () => {
        fs.rmSync(spoolRoot(world), { recursive: true, force: true })
        places.forEach((place, index) => {
          fs.rmSync(place, { recursive: true, force: true })
          fs.cpSync(path.join(kept, String(index)), place, {
            recursive: true,
            verbatimSymlinks: true,
            preserveTimestamps: true,
          })
        })
      }
    },
    remove() {
      killAllOf(dir)
      fs.rmSync(spoolRoot(world), { recursive: true, force: true })
      fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    },
  }
  world.write('check.sh', gateScript)
  world.write('README.md', 'hello\n')
  git('init', '-q', '-b', 'main')
  world.approve(plainConfig)
  git('add', '-A')
  git('commit', '-q', '-m', 'start')
  return world
}

/** Where this session's requests lie. */
export function spoolRoot(world: World): string {
  return path.join('/tmp', `autoloop-${world.context.env.uid}`, world.session)
}

/** The session's transcript where a test wants one: with a request that its agent was told of, as Codex writes it. */
export function shownRequest(world: World, requestId: string): { readonly transcript_path: string } {
  const file = path.join(world.dir, 'transcript.jsonl')
  addCommand(file, 'autonomous-loop request enable', JSON.stringify({ request_id: requestId }))
  return { transcript_path: file }
}

async function call(
  world: World,
  vars: Readonly<Record<string, string>>,
  event: ShimEvent,
  options: CallOptions,
): Promise<Called> {
  const input =
    options.raw ??
    JSON.stringify({
      session_id: options.session ?? world.session,
      turn_id: 't1',
      transcript_path: null,
      cwd: options.cwd ?? world.repo,
      hook_event_name: events[event],
      model: 'gpt-5.5',
      ...(event === 'session-start' ? { source: 'startup' } : {}),
      ...(event === 'stop' ? { stop_hook_active: false, last_assistant_message: 'Done.' } : {}),
      ...options.more,
    })
  const argv = [...(options.wrapper ?? []), world.shim, event]
  const [file = world.shim, ...args] = argv
  const begin = performance.now()
  // A group of its own, as Codex gives to each hook.
  const child = spawn(file, args, {
    cwd: options.cwd ?? world.repo,
    env: { ...vars, ...options.env },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  })
  if (child.pid !== undefined) options.started?.(child.pid)
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const out: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const stdout = Buffer.concat(out).toString('utf8')
  return { stdout, code, ...understood(stdout), ms: performance.now() - begin }
}

function understood(stdout: string): { kind: Called['kind']; text: string } {
  if (stdout === '') return { kind: 'nothing', text: '' }
  let answer: Record<string, unknown>
  try {
    answer = JSON.parse(stdout) as Record<string, unknown>
  } catch {
    return { kind: 'no JSON', text: stdout }
  }
  if (answer['continue'] === false) return { kind: 'end', text: String(answer['stopReason']) }
  if (answer['decision'] === 'block') return { kind: 'block', text: String(answer['reason']) }
  const context = answer['hookSpecificOutput'] as { additionalContext?: string } | undefined
  if (context) return { kind: 'context', text: String(context.additionalContext) }
  return { kind: 'message', text: String(answer['systemMessage']) }
}

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}

export async function arm(world: World, session = world.session): Promise<Called> {
  const armed = await world.call('user-prompt-submit', {
    session,
    more: { prompt: '$autonomous-loop Make the work right' },
  })
  if (armed.kind !== 'context' || world.state(session).runs.length !== 1)
    throw new Error(`not armed: ${armed.stdout}`)
  return armed
}
