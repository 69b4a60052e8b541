import { execFileSync } from 'node:child_process'

/**
 * Makes a FIFO that only its owner can open; throws what `execFileSync` throws. Ctrl-C is for the gate, and is heard once
 * it runs: here it would look like a machine that is broken. So the child is detached, and made again where the signal
 * came before it had a session of its own. `program` takes the arguments of mkfifo.
 */
export function makeFifo(fifo: string, program = 'mkfifo'): void {
  const options = { env: { PATH: '/usr/bin:/bin' }, stdio: 'ignore', detached: true } as const
  for (;;)
    try {
      execFileSync(program, ['-m', '600', fifo], options)
      return
    } catch (error) {
      if ((error as { signal?: unknown }).signal !== 'SIGINT') throw error
    }
}
