import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../base/result.ts'
import { isWithin, realPath } from '../base/within.ts'
import type { NetworkSetting } from '../contract/network.ts'
import type { Command } from '../contract/types.ts'
import type { Context } from '../records/context.ts'
import { cliPath } from '../records/cli-place.ts'
import { readLive } from '../records/live.ts'
import { GATE_VARIABLE, gateEnvironment, gateOwner } from '../gates/environment.ts'
import { coveredDescriptors } from '../gates/inherited.ts'
import { endGate } from '../gates/processes.ts'
import { NOTHING } from '../gates/reach.ts'
import { resolveCommand } from '../gates/resolve.ts'
import { directLaunch, starterArgv } from '../gates/starter.ts'
import { type StopRecord, sessionOf } from '../ledger/events.ts'
import { sessionPaths } from '../ledger/paths.ts'
import type { RunState } from '../ledger/state.ts'
import { repositoryLauncher } from '../records/sandbox-launcher.ts'
import { failedGates } from '../verdict/judgement.ts'
import { haltWords, parkWords } from '../verdict/words/limit.ts'

/** What a notify command reads from its stdin: one JSON object. */
export interface Notice {
  readonly event: 'release' | 'halt' | 'park'
  readonly session_id: string
  readonly run_id: string
  readonly repo_root: string
  readonly objective: string
  /** Number of the stop. */
  readonly stop: number
  /** The words that the person would see. */
  readonly reason: string
  readonly cause: string | null
  readonly outstanding_task_ids: readonly string[]
  readonly failed_gates: readonly string[]
  /** Terminal in which Codex runs, for a bell; null when it has none. */
  readonly terminal: string | null
  /** Our command line. */
  readonly cli: string
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

/** Null for a verdict that nobody is told of. */
export function noticeOf(context: Context, run: RunState, record: StopRecord): Notice | null {
  const sessionId = sessionOf(run.activation)
  if (record.verdict === 'block' || sessionId === null) return null
  const { repoRoot } = run.activation
  return {
    event: record.verdict,
    session_id: sessionId,
    run_id: run.runId,
    repo_root: repoRoot,
    objective: run.contract.objective,
    stop: record.stop,
    reason: record.delivered?.reason ?? '',
    cause:
      record.verdict === 'halt'
        ? haltWords(record.halt)
        : record.verdict === 'park'
          ? parkWords(record.park)
          : null,
    outstanding_task_ids: record.outstandingTaskIds,
    failed_gates: failedGates(record),
    terminal: terminalOf(readLive(context.env.home, sessionId)?.codex?.pid),
    cli: cliPath(context.env.home),
  }
}

/**
 * Runs the notify command of a run as its gates are run: sandboxed unless approved otherwise, with a time limit, few
 * variables and the PATH of the approval; the notice on stdin. Its output goes to `gates/notify.log`.
 * Codes: no-notify, notify-in-workspace, those of resolveCommand and of the sandbox, notify-failed.
 */
export async function runNotify(context: Context, run: RunState, notice: Notice): Promise<Result<Notified>> {
  const { activation } = run
  const given = activation.config?.notify
  if (!given) return fail('no-notify', 'the approved config of this run has no notify command')
  const command: Command = {
    name: 'notify',
    argv: given.argv,
    cwd: '.',
    timeoutSeconds: given.timeoutSeconds,
    env: {},
    tty: false,
    parallel: false,
    network: networkOf(given, activation.config?.version === 2),
    writable: [],
    pins: [],
    evidence: false,
  }
  const root = activation.repoRoot
  const resolved = resolveCommand(command, root, activation.gatePath)
  if (!resolved.ok) return resolved
  const free = given.sandbox === 'off'
  const own = free ? inWorkspace(resolved.value.argv, root) : undefined
  if (own !== undefined)
    return fail(
      'notify-in-workspace',
      `${own} can be changed by the agent, so it is not run outside the sandbox`,
      { fix: 'move it out of the repository, or let it run in the sandbox (notify.sandbox)' },
    )

  const nonce = `${gateOwner(process.pid)}${randomBytes(8).toString('hex')}`
  const mark = `${run.runId}:${nonce}`
  const launcher = free
    ? directLaunch
    : // It judges nothing, and tells of a tree that git cannot read all the same.
      repositoryLauncher(context, root, readLive(context.env.home, notice.session_id)?.codex ?? null, null)
  const launch = await launcher({
    argv: starterArgv({
      nonce,
      cwd: resolved.value.cwd,
      path: activation.gatePath,
      argv: resolved.value.argv,
    }),
    env: { ...environment(context, run, command, notice), [GATE_VARIABLE]: mark },
    command,
    reached: NOTHING,
  })
  if (!launch.ok) return launch
  return start(launch.value, root, notice, {
    mark,
    timeoutMs: given.timeoutSeconds * 1000,
    logFile: path.join(sessionPaths(context.env.home, notice.session_id).gates, 'notify.log'),
  })
}

/**
 * In format version 2 it runs in the box, as gates do. One that asks for the network wants what is outside of every box: the
 * socket of the desktop as well as a web hook.
 */
function networkOf({ network }: { readonly network?: boolean }, boxed: boolean): NetworkSetting {
  return network === true || (boxed ? 'loopback' : false)
}

function environment(
  { env }: Context,
  run: RunState,
  command: Command,
  notice: Notice,
): Record<string, string> {
  const named = desktop.flatMap((name) => {
    const value = env.vars[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...gateEnvironment({ vars: env.vars, gatePath: run.activation.gatePath, runId: run.runId, command }),
    ...Object.fromEntries(named),
    // For one-liners that do not read JSON.
    AUTOLOOP_EVENT: notice.event,
    AUTOLOOP_OBJECTIVE: notice.objective.slice(0, 1000),
    AUTOLOOP_TERMINAL: notice.terminal ?? '/dev/null',
  }
}

async function start(
  launch: {
    readonly argv: readonly string[]
    readonly env: Readonly<Record<string, string>>
    readonly sandboxed: boolean
  },
  cwd: string,
  notice: Notice,
  limits: { readonly mark: string; readonly timeoutMs: number; readonly logFile: string },
): Promise<Result<Notified>> {
  const [file = '', ...args] = launch.argv
  const log = openLog(limits.logFile)
  const nothing = fs.openSync('/dev/null', 'r')
  let timedOut = false
  let timer: NodeJS.Timeout | undefined
  try {
    const child = spawn(file, args, {
      cwd,
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
    child.stdin?.end(`${JSON.stringify(notice)}\n`)
    timer = setTimeout(() => {
      timedOut = true
      void endGate(limits.mark, child.pid ?? null, graceMs)
    }, limits.timeoutMs)
    const done = await ended
    // What it left running is no notification any more.
    await endGate(limits.mark, null, graceMs)
    return done
  } finally {
    clearTimeout(timer)
    fs.closeSync(nothing)
    if (log !== 'ignore') fs.closeSync(log)
  }
}

/** One log for all notifications of a session, begun anew when it has grown. */
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

/** The terminal a process has on its stdin, stdout or stderr. Linux. */
function terminalOf(pid: number | undefined): string | null {
  if (pid === undefined) return null
  for (const fd of [0, 1, 2])
    try {
      const target = fs.readlinkSync(`/proc/${pid}/fd/${fd}`)
      if (/^\/dev\/(?:pts\/\d+|tty\d+)$/.test(target)) return target
    } catch {
      // Gone, or not ours to look at.
    }
  return null
}
