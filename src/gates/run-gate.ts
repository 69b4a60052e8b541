import { randomBytes } from 'node:crypto'
import os from 'node:os'
import path from 'node:path'
import type { Command } from '../contract/types.ts'
import { GATE_VARIABLE, gateEnvironment, gateOwner } from './environment.ts'
import { systemWords } from '../base/system-words.ts'
import { BoundedOutput, OutputLog } from './output.ts'
import { endGate } from './processes.ts'
import { type TreeView, resolveCommand } from './resolve.ts'
import { findReached, openDevices } from './reach.ts'
import { Redaction, findSecrets } from './secrets.ts'
import { serviceFailure } from './services.ts'
import { StartFilter } from './start-filter.ts'
import type { GateRow } from './row.ts'
import type { Started } from './started.ts'
import { starterArgv } from './starter.ts'
import { supervisorArgv } from './supervisor.ts'
import { drain } from './drain.ts'
import { Signs } from './signs.ts'
import { startPiped } from './start-piped.ts'
import { type LoadPty, startPty } from './start-pty.ts'
import {
  DISK_FULL,
  type End,
  KILLED,
  couldNotRun,
  outcomeOf,
  notStarted,
  startSeconds,
  wroteTooMuch,
} from './outcome.ts'
import type { GateBox, GateOutcome, GateResult, JudgedTree, Launcher } from './types.ts'
import { watchTree } from './watch-tree.ts'

export interface GateRun {
  readonly command: Command
  /** Repository root, absolute. */
  readonly root: string
  readonly launch: Launcher
  /** Where the launcher's tree lies; absent: at its own place. */
  readonly seen?: TreeView
  /** The hook's environment; what of it the gate gets is decided by `gateEnvironment`. */
  readonly vars: Readonly<Record<string, string | undefined>>
  /** PATH recorded at approval. */
  readonly gatePath: string
  readonly runId: string
  /** In a directory out of the agent's reach; null keeps no log. */
  readonly logFile: string | null
  readonly maxLogBytes: number
  readonly headBytes: number
  readonly tailBytes: number
  /** Deadline, or the run was closed meanwhile. */
  readonly abort: AbortSignal
  readonly loadPty: LoadPty
  /** Absent for one that runs alone. */
  readonly row?: GateRow
}

/** Of a gate whose launch is stale before it has begun. */
const MOST_STARTS = 3
/** How long a gate that is told to end may take before it is killed. */
const GRACE_MS = 2000
/** The same of what it has left running. */
const LEFTOVER_MS = 500

/*
 *   resolve ─► launch ─► started ──(mark)──► running ──► exited ──► drained ─► leftovers ended ─► result
 *      │          │          │ late, abort      │ timeout, abort: TERM ─► KILL ─┘
 *      └──────────┴──────────┴─► could-not-run (no mark: the command itself never began)
 */

/**
 * Runs one approved command and says how it went; never throws for anything the command or the machine does. When
 * it resolves, nothing of the gate is alive (save processes stuck in the kernel) and nobody is waited for.
 */
export async function runGate(run: GateRun): Promise<GateResult> {
  for (let left = MOST_STARTS - 1; ; left -= 1) {
    const result = await startOnce(run, left > 0)
    if (result !== 'again') return result
  }
}

/** `again`: it did not start, on a machine that changed meanwhile. */
async function startOnce(run: GateRun, mayAgain: boolean): Promise<GateResult | 'again'> {
  const begin = performance.now()
  const output = new BoundedOutput(run)
  const log = new OutputLog(run.logFile, run.maxLogBytes)
  let sandboxed = false
  let box: GateBox | null = null
  const finish = (outcome: GateOutcome): GateResult => ({
    name: run.command.name,
    argv: run.command.argv,
    outcome,
    durationMs: Math.round(performance.now() - begin),
    ...output.text(),
    outputBytes: output.total,
    logFile: log.close(),
    sandboxed,
    box,
  })
  if (run.abort.aborted) return finish(KILLED)
  const resolved = resolveCommand(run.command, run.root, run.gatePath, run.seen)
  if (!resolved.ok) return finish(couldNotRun(resolved.error))
  const reached = findReached(run.command.reach ?? [])
  if (!reached.ok) return finish(couldNotRun(reached.error))
  const secrets = findSecrets(run.command.secrets ?? [], run.vars)
  if (!secrets.ok) return finish(couldNotRun(secrets.error))
  // Begins with us: when we are killed, the guard of the deadline ends our gates and nobody else's.
  const nonce = `${gateOwner(process.pid)}${randomBytes(8).toString('hex')}`
  const mark = `${run.runId}:${nonce}`
  const services = run.command.services ?? []
  const launch = await run.launch({
    argv: supervisorArgv({
      nonce,
      cwd: resolved.value.cwd,
      path: run.gatePath,
      services,
      devices: reached.value.devices,
      argv: starterArgv({ nonce, cwd: resolved.value.cwd, path: run.gatePath, argv: resolved.value.argv }),
    }),
    env: {
      ...gateEnvironment({ ...run, byteCode: byteCodeDirectory(nonce) }),
      ...secrets.value,
      [GATE_VARIABLE]: mark,
    },
    command: run.command,
    reached: reached.value,
    ...(run.row ? { row: run.row } : {}),
  })
  if (!launch.ok) return finish(couldNotRun(launch.error))
  sandboxed = launch.value.sandboxed
  box = launch.value.box ?? null
  const signs = new Signs(run.command, resolved.value.cwd)
  const redaction = new Redaction(Object.values(secrets.value), (bytes) => {
    signs.push(bytes)
    output.push(bytes)
    log.push(bytes)
  })
  const filter = new StartFilter(nonce, (bytes) => redaction.push(bytes))
  const { tree } = launch.value
  const endTree = (outcome: GateOutcome): GateResult => {
    const left = tree?.end(outcome.kind === 'passed')
    if (box && left) box = { ...box, seal: left.seal }
    if (left?.lost != null && outcome.kind === 'passed')
      return finish({ kind: 'could-not-run', why: left.lost })
    if (tree && left?.isOver) return finish(wroteTooMuch(tree.mostBytes))
    return finish(left?.isFull && outcome.kind === 'failed' ? DISK_FULL : outcome)
  }
  let descriptors: readonly number[]
  try {
    descriptors = openDevices(launch.value.devices ?? [])
  } catch (error) {
    return endTree(
      couldNotRun({ code: 'gate-reach', message: `a device could not be opened: ${systemWords(error)}` }),
    )
  }
  const input = {
    argv: launch.value.argv,
    env: launch.value.env,
    cwd: run.root,
    descriptors,
    privateDir: run.logFile === null ? os.tmpdir() : path.dirname(run.logFile),
    onOutput: (bytes: Buffer) => filter.push(bytes),
  }
  const started = await (run.command.tty ? startPty(input, run.loadPty) : startPiped(input))
  if (!started.ok) return endTree(couldNotRun(started.error))
  const end = await waitForEnd(started.value, filter.began, mark, run, tree)
  await drain(started.value, () => endGate(mark, null, LEFTOVER_MS))
  redaction.flush()
  if (!filter.started && end.cause === 'exit' && mayAgain && launch.value.isStale?.() === true) {
    tree?.end(false)
    log.close()
    return 'again'
  }
  if (!filter.started || end.cause === 'late') {
    const said = filter.before((text) => redaction.text(text))
    return endTree(serviceFailure(said, nonce, services) ?? notStarted(end, said, run.command))
  }
  const { head, tail } = output.text()
  return endTree(signs.readInto(outcomeOf(end), head + tail))
}

/** Of this gate alone. In the temp directory, because a gate that compiles on purpose (`compileall`) has to be able to write there. */
function byteCodeDirectory(nonce: string): string {
  return path.join(os.tmpdir(), `autoloop-pyc-${nonce}`)
}

/**
 * Waits for the leader, a time limit (of the start, then of the command, from its start mark on) or the abort, whichever
 * comes first; all but the leader's own end mean the end of the whole gate.
 */
async function waitForEnd(
  started: Started,
  began: Promise<void>,
  mark: string,
  run: GateRun,
  tree: JudgedTree | undefined,
): Promise<End> {
  let over = false
  let timer: NodeJS.Timeout | undefined
  let onAbort: (() => void) | undefined
  let unwatch: (() => void) | undefined
  const stopped = new Promise<End>((resolve) => {
    const limit = (cause: 'late' | 'timeout', seconds: number): void => {
      clearTimeout(timer)
      if (!over) timer = setTimeout(() => resolve({ cause }), Math.min(seconds * 1000, 2 ** 31 - 1))
    }
    limit('late', startSeconds(run.command))
    void began.then(() => limit('timeout', run.command.timeoutSeconds))
    onAbort = () => resolve({ cause: 'killed' })
    if (run.abort.aborted) onAbort()
    run.abort.addEventListener('abort', onAbort)
    unwatch = watchTree(tree, () => resolve({ cause: 'killed' }))
  })
  const end = await Promise.race([started.exited.then((exit): End => ({ cause: 'exit', exit })), stopped])
  over = true
  clearTimeout(timer)
  unwatch?.()
  if (onAbort) run.abort.removeEventListener('abort', onAbort)
  if (end.cause !== 'exit') await endGate(mark, started.pid, GRACE_MS)
  return end
}
