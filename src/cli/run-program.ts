import { spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'

/** How long after the program's end a Ctrl-C that was meant for it too may still be heard. */
const lateSignalMs = 100

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/**
 * Runs a program on our own terminal and waits for it. Signals that a terminal sends reach it by themselves; a TERM or
 * HUP sent to us alone is passed on. Codes: exec-failed.
 */
export async function runProgram(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  interrupted: AbortSignal,
): Promise<Result<Ended>> {
  const [file = '', ...args] = argv
  const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal)
  // Listening keeps us alive at Ctrl-C until the program has ended as it wants to.
  const wait = (): void => {}
  interrupted.addEventListener('abort', wait)
  process.on('SIGTERM', pass)
  process.on('SIGHUP', pass)
  try {
    const ended = await new Promise<Result<Ended>>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        resolve(fail('exec-failed', `${file} could not be started: ${systemWords(error)}`)),
      )
      child.once('close', (code, signal) => resolve(ok({ code, signal })))
    })
    // A Ctrl-C reaches us and the program at once, but whichever of our threads takes it may be slower than the news
    // of the program's end; without this wait a busy machine would report an end that nobody had asked for.
    await setTimeout(lateSignalMs, undefined, { signal: interrupted }).catch(() => undefined)
    return ended
  } finally {
    interrupted.removeEventListener('abort', wait)
    process.off('SIGTERM', pass)
    process.off('SIGHUP', pass)
  }
}
