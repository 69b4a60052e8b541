import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'

export interface RunResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly timedOut: boolean
}

export interface RunOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Nothing given: no stdin at all. */
  readonly stdin?: string | undefined
  readonly timeoutMs: number
}

export interface Running {
  readonly child: ChildProcess
  readonly pid: number
  readonly done: Promise<RunResult>
}

/** Starts a program as leader of its own process group; at the timeout the whole group is killed. */
export function start(file: string, args: readonly string[], options: RunOptions): Running {
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk))
  // A program that ends without reading its stdin is no failure of the test.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(options.stdin)
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    if (child.pid !== undefined) killQuietly(-child.pid)
    // A grandchild in another group may hold the pipes open.
    child.stdout?.destroy()
    child.stderr?.destroy()
  }, options.timeoutMs)
  const done = new Promise<RunResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8')
      resolve({ code, signal, stdout: text(out), stderr: text(err), timedOut })
    })
  })
  return { child, pid: child.pid ?? -1, done }
}

const maxRounds = 100
const roundMs = 20

/**
 * Kills every process that carries this directory in its environment or works below it. Codex starts hooks in
 * sessions of their own, so killing its group leaves them. The directory is unique to one lab. Linux; elsewhere nothing.
 */
export function killAllOf(directory: string): void {
  for (let round = 0; round < maxRounds; round += 1) {
    const left = processesOf(directory)
    if (left.length === 0) return
    for (const pid of left) killQuietly(pid)
    // What was just killed may have started something a moment before. At once, because callers remove the directory next.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, roundMs)
  }
}

export function processesOf(directory: string): number[] {
  if (process.platform !== 'linux') return []
  return fs
    .readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && belongsTo(pid, directory))
}

function belongsTo(pid: number, directory: string): boolean {
  try {
    const cwd = fs.readlinkSync(`/proc/${pid}/cwd`)
    return (
      cwd === directory ||
      cwd.startsWith(`${directory}/`) ||
      fs.readFileSync(`/proc/${pid}/environ`, 'latin1').includes(directory)
    )
  } catch {
    return false
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}
