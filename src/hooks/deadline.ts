import { spawn } from 'node:child_process'
import { type ProcessId, self } from '../base/process-id.ts'
import { GATE_VARIABLE, gateOwner } from '../gates/environment.ts'
import type { GuardData } from './guard.ts'

/** The text of guard.ts as one small program; scripts/inner-programs.js makes it, and the bundler puts it here. */
declare const GUARD_PROGRAM: string

/** The main thread sees Codex go first and ends its gates in good order; this long after, the guard does it. */
const codexGraceMs = 10_000
/** A hook that ends sooner never pays for a second node. */
const sleepMs = 1_000

/**
 * Answers and ends this process at the deadline even when its main thread hangs in a system call, where no timer fires;
 * without an answer when the Codex that asked is gone. A worker thread would do the same, but costs every stop as much
 * as a second node; so the guard is a shell that becomes node only when a hook takes longer than a second. It looks by
 * itself whether we still live (and ends our gates when we were killed), and has a process group of its own, so that
 * one signal takes it away. It stands before anything that an agent wrote is read: that may be what hangs.
 */
export function guardDeadline(parts: {
  /** From now on, in milliseconds; no clock time, because clocks are set. */
  readonly inMs: number
  /** Whole text for stdout, sentinel included. */
  readonly answer: string
  /** In its place when `marker` is not there by then: nothing holds the session. */
  readonly unheld: string
  /** The Codex that started this hook; null when it is not known. */
  readonly codex: ProcessId | null
  /** The mark of a session that is held; null when `answer` is said whatever is there. */
  readonly marker: string | null
  /** Where to leave word that a held stop ended without a verdict; the next hook takes it into the ledger. */
  readonly note: string | null
}): () => void {
  const { inMs, ...rest } = parts
  const hook = self()
  const data: GuardData = {
    ...rest,
    inMs: inMs - sleepMs,
    mark: `${GATE_VARIABLE}=`,
    owner: `:${gateOwner(hook.pid)}`,
    codexGraceMs,
    hook,
  }
  const guard = spawn(
    '/bin/sh',
    [
      '-c',
      `sleep ${sleepMs / 1000}; exec "$@"`,
      'sh',
      process.execPath,
      '-e',
      GUARD_PROGRAM,
      JSON.stringify(data),
    ],
    {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'inherit', 'ignore'],
      detached: true,
    },
  )
  guard.unref()
  // A guard that cannot start leaves the softer deadline, which the main thread holds itself.
  guard.on('error', () => undefined)
  return () => {
    try {
      if (guard.pid !== undefined && guard.exitCode === null && guard.signalCode === null)
        process.kill(-guard.pid, 'SIGKILL')
    } catch {
      // It is gone already.
    }
  }
}
