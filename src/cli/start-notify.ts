import { spawn } from 'node:child_process'

/**
 * Has the approved `notify` command run for a batch, by a process that outlives this one: nothing waits for it, and nothing comes
 * of its failure.
 */
export function startNotify(cwd: string, batch: string): void {
  const program = process.argv[1] ?? ''
  try {
    const child = spawn(process.execPath, [program, 'notify', batch, '--batch', '--cwd', cwd, '--json'], {
      cwd: '/',
      stdio: 'ignore',
      detached: true,
    })
    child.on('error', () => undefined)
    child.unref()
  } catch {
    // Nobody is told.
  }
}
