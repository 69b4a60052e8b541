import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { ProcessId } from '../base/process-id.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { isWithin, realPath } from '../base/within.ts'
import type { NetworkSetting } from '../contract/network.ts'
import type { Command } from '../contract/types.ts'
import { GATE_VARIABLE, gateEnvironment, gateOwner } from '../gates/environment.ts'
import { coveredDescriptors } from '../gates/inherited.ts'
import { endGate } from '../gates/processes.ts'
import { NOTHING } from '../gates/reach.ts'
import { resolveCommand } from '../gates/resolve.ts'
import { directLaunch, starterArgv } from '../gates/starter.ts'
import type { Context } from './context.ts'
import { repositoryLauncher } from './sandbox-launcher.ts'

/** A command of the approved config that tells a person something. */
export interface PersonCommand {
  readonly name: string
  readonly given: {
    readonly argv: readonly string[]
    readonly timeoutSeconds: number
    readonly network?: boolean | undefined
    readonly sandbox?: 'on' | 'off' | undefined
  }
  /** In format version 2 it runs in the box, as gates do. */
  readonly isBoxed: boolean
  /** Where it runs, and where a relative program is looked up. */
  readonly root: string
  /** What it may write in the sandbox; absent: the root. */
  readonly place?: string
  readonly gatePath: string
  /** Whose process it is: found again by what it has in its environment. */
  readonly owner: string
  readonly variables: Readonly<Record<string, string>>
  /** One JSON object. */
  readonly input: object
  readonly logFile: string
  readonly codex: ProcessId | null
  /** Ends it before its time. */
  readonly ending?: AbortSignal
}

export interface Notified {
  readonly code: number | null
  readonly signal: string | null
  readonly timedOut: boolean
  readonly sandboxed: boolean
}

/** Where the desktop is reached; names of places, no secrets. */
const desktop = ['DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR', 'XAUTHORITY']
const graceMs = 1_000
const maxLogBytes = 256_000

/**
 * Runs a command for a person as gates are run: sandboxed unless approved otherwise, with a time limit, few variables and the PATH of
 * the approval; the JSON on stdin, its output in the log. What it leaves running is ended. Codes: notify-in-workspace, those of
 * resolveCommand and of the sandbox, notify-failed.
 */
export async function runPersonCommand(context: Context, asked: PersonCommand): Promise<Result<Notified>> {
  const { given, root, gatePath } = asked
  const command = commandOf(asked)
  const resolved = resolveCommand(command, root, gatePath)
  if (!resolved.ok) return resolved
  const free = given.sandbox === 'off'
  const own = free ? inWorkspace(resolved.value.argv, root) : undefined
  if (own !== undefined)
    return fail(
      'notify-in-workspace',
      `${own} can be changed by the agent, so it is not run outside the sandbox`,
      { fix: `move it out of the repository, or let it run in the sandbox (${asked.name}.sandbox)` },
    )
  const nonce = `${gateOwner(process.pid)}${randomBytes(8).toString('hex')}`
  const mark = `${asked.owner}:${nonce}`
  const launcher = free
    ? directLaunch
    : // It judges nothing, and tells of a tree that git cannot read all the same.
      repositoryLauncher(context, asked.place ?? root, asked.codex, null)
  const launch = await launcher({
    argv: starterArgv({ nonce, cwd: resolved.value.cwd, path: gatePath, argv: resolved.value.argv }),
    env: { ...environment(context, asked, command), [GATE_VARIABLE]: mark },
    command,
    reached: NOTHING,
  })
  return launch.ok ? start(launch.value, mark, asked) : launch
}

function commandOf({ name, given, isBoxed }: PersonCommand): Command {
  return {
    name,
    argv: given.argv,
    cwd: '.',
    timeoutSeconds: given.timeoutSeconds,
    env: {},
    tty: false,
    parallel: false,
    network: networkOf(given, isBoxed),
    writable: [],
    pins: [],
    evidence: false,
  }
}

/** One that asks for the network wants what is outside of every box: the socket of the desktop as well as a web hook. */
function networkOf({ network }: PersonCommand['given'], isBoxed: boolean): NetworkSetting {
  return network === true || (isBoxed ? 'loopback' : false)
}

function environment(
  { env }: Context,
  { gatePath, owner, variables }: PersonCommand,
  command: Command,
): Record<string, string> {
  const named = desktop.flatMap((name) => {
    const value = env.vars[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...gateEnvironment({ vars: env.vars, gatePath, runId: owner, command }),
    ...Object.fromEntries(named),
    ...variables,
  }
}

async function start(
  launch: {
    readonly argv: readonly string[]
    readonly env: Readonly<Record<string, string>>
    readonly sandboxed: boolean
  },
  mark: string,
  { root, input, given, logFile, ending }: PersonCommand,
): Promise<Result<Notified>> {
  const [file = '', ...args] = launch.argv
  const log = openLog(logFile)
  const nothing = fs.openSync('/dev/null', 'r')
  let timedOut = false
  let timer: NodeJS.Timeout | undefined
  let end: () => void = () => {}
  try {
    const child = spawn(file, args, {
      cwd: root,
      env: launch.env,
      stdio: ['pipe', log, log, ...coveredDescriptors(nothing)],
      detached: true,
    })
    const ended = new Promise<Result<Notified>>((resolve) => {
      child.once('error', (error) =>
        resolve(fail('notify-failed', `${file} could not be started: ${error.message}`)),
      )
      child.once('exit', (code, signal) =>
        resolve(ok({ code, signal, timedOut, sandboxed: launch.sandboxed })),
      )
    })
    // A command that does not read it is no failure.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(`${JSON.stringify(input)}\n`)
    end = () => void endGate(mark, child.pid ?? null, graceMs)
    timer = setTimeout(() => {
      timedOut = true
      end()
    }, given.timeoutSeconds * 1000)
    if (ending?.aborted === true) end()
    ending?.addEventListener('abort', end, { once: true })
    const done = await ended
    // What it left running tells nobody anything any more.
    await endGate(mark, null, graceMs)
    return done
  } finally {
    clearTimeout(timer)
    ending?.removeEventListener('abort', end)
    fs.closeSync(nothing)
    if (log !== 'ignore') fs.closeSync(log)
  }
}

/** Begun again when it has grown. */
function openLog(file: string): number | 'ignore' {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0
    return fs.openSync(file, size > maxLogBytes ? 'w' : 'a', 0o600)
  } catch {
    return 'ignore'
  }
}

/** The first word of a command that is a file of the workspace: whoever writes it would decide what runs. */
function inWorkspace(argv: readonly string[], root: string): string | undefined {
  return argv.find((word) => {
    const file = path.resolve(root, word)
    return (
      fs.existsSync(file) && isWithin(realPath(file), realPath(root)) && realPath(file) !== realPath(root)
    )
  })
}
