import { spawn } from 'node:child_process'

export interface Ran {
  /** null: ended by a signal, or never started. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
  readonly timedOut: boolean
}

export interface RunOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly limitMs: number
  readonly abort: AbortSignal
  /** Told the process once it runs. */
  readonly started?: (pid: number) => void
}

const maxOutputBytes = 8 * 1024 * 1024

/**
 * Runs a program to its end, as leader of its own process group, so that a Ctrl-C at the terminal reaches us alone. At
 * the limit or when aborted the group is killed. A program that cannot start is a result like any other: `code` null,
 * the reason in `stderr`.
 */
export function runTimed(file: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const begun = performance.now()
  const out = collector()
  const err = collector()
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (child.pid !== undefined) options.started?.(child.pid)
    let timedOut = false
    const end = (): void => {
      if (child.pid !== undefined) killQuietly(-child.pid)
      // Hooks have groups of their own and may hold the pipes open.
      child.stdout.destroy()
      child.stderr.destroy()
    }
    const timer = setTimeout(() => {
      timedOut = true
      end()
    }, options.limitMs)
    const settle = (code: number | null, more = ''): void => {
      clearTimeout(timer)
      options.abort.removeEventListener('abort', end)
      resolve({
        code,
        stdout: out.text(),
        stderr: err.text() + more,
        ms: performance.now() - begun,
        timedOut,
      })
    }
    child.stdout.on('data', out.add)
    child.stderr.on('data', err.add)
    child.once('error', (error) => settle(null, `${file}: ${error.message}`))
    child.once('close', (code) => settle(code))
    options.abort.addEventListener('abort', end)
    if (options.abort.aborted) end()
  })
}

function collector(): { add: (chunk: Buffer) => void; text: () => string } {
  const chunks: Buffer[] = []
  let size = 0
  return {
    add: (chunk) => {
      size += chunk.length
      if (size <= maxOutputBytes) chunks.push(chunk)
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  }
}

/** A negative pid means the group. */
export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}
