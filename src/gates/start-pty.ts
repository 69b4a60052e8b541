import { type Result, fail, ok } from '../base/result.ts'
import type { Exit, StartInput, Started } from './started.ts'

/** Loads node-pty; rejects when it is not installed. */
export type LoadPty = () => Promise<unknown>

/** The part of node-pty that is used. */
interface Pty {
  readonly pid: number
  onData(listener: (data: string | Buffer) => void): unknown
  onExit(listener: (exit: { readonly exitCode: number; readonly signal?: number }) => void): unknown
  kill(signal: string): void
}
interface PtyModule {
  spawn(file: string, args: string[], options: Readonly<Record<string, unknown>>): Pty
}

const ABSENT = {
  fix: 'npm install -g node-pty beside autonomous-loop (needs a C compiler), or remove "tty": true from the command',
}

/**
 * Starts a process on a terminal of its own (80 × 24). It is its own session: not in our process group, but the
 * terminal hangs up when we end. Failures: `gate-no-pty` (node-pty is absent, or the system gives no terminal).
 */
export async function startPty(input: StartInput, load: LoadPty): Promise<Result<Started>> {
  const module = await loadModule(load)
  if (!module.ok) return module
  const [file = '', ...args] = input.argv
  let pty: Pty
  try {
    pty = module.value.spawn(file, args, {
      cwd: input.cwd,
      env: input.env,
      cols: 80,
      rows: 24,
      name: input.env['TERM'] ?? 'xterm-256color',
      encoding: null,
    })
  } catch (error) {
    return fail('gate-no-pty', `no pseudo terminal could be opened: ${(error as Error).message}`, ABSENT)
  }
  pty.onData((data) => input.onOutput(typeof data === 'string' ? Buffer.from(data) : data))
  let ended = false
  const exited = new Promise<Exit>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      ended = true
      const killed = signal !== undefined && signal !== 0
      resolve({ code: killed ? null : exitCode, signal: killed ? String(signal) : null })
    })
  })
  return ok({
    pid: pty.pid,
    exited,
    // node-pty reports the exit only after it has read what was left.
    drained: exited.then(() => undefined),
    close: () => {
      // Its pid may be somebody else's by now.
      if (ended) return
      try {
        pty.kill('SIGKILL')
      } catch {
        // Ended meanwhile.
      }
    },
  })
}

async function loadModule(load: LoadPty): Promise<Result<PtyModule>> {
  try {
    const loaded = (await load()) as { spawn?: unknown; default?: { spawn?: unknown } }
    const found = typeof loaded.spawn === 'function' ? loaded : loaded.default
    if (typeof found?.spawn === 'function') return ok(found as PtyModule)
  } catch {
    // Told below.
  }
  return fail('gate-no-pty', 'the command asks for a terminal, but node-pty is not installed', ABSENT)
}
