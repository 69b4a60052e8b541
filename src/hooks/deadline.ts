import { spawn } from 'node:child_process'
import { type ProcessId, self } from '../base/process-id.ts'
import { GATE_VARIABLE, gateOwner } from '../gates/environment.ts'

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
  const owner = `:${gateOwner(hook.pid)}`
  const mark = `${GATE_VARIABLE}=`
  const data = JSON.stringify({ ...rest, inMs: inMs - sleepMs, mark, owner, codexGraceMs, hook })
  const guard = spawn(
    '/bin/sh',
    ['-c', `sleep ${sleepMs / 1000}; exec "$@"`, 'sh', process.execPath, '-e', source, data],
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

/** Plain JavaScript, because it is the whole program of the guard. Where there is no /proc, the hook's number alone tells. */
const source = String.raw`
const fs = require('node:fs')
const { inMs, answer, unheld, marker, mark, owner, codex, codexGraceMs, hook, note } = JSON.parse(process.argv[1])
const begin = performance.now()
const hasProc = fs.existsSync('/proc/self/stat')
const lives = (id) => {
  if (!hasProc) try { return process.kill(id.pid, 0) } catch { return false }
  try {
    const stat = fs.readFileSync('/proc/' + id.pid + '/stat', 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] !== 'Z' && fields[0] !== 'X' && (fields[19] === id.start || id.start === 'unknown')
  } catch { return false }
}
// Only this hook's gates: another one may be judging the same run by now.
const marked = (pid) => {
  try {
    return fs.readFileSync('/proc/' + pid + '/environ', 'latin1').split('\0').some((entry) => entry.startsWith(mark) && entry.includes(owner))
  } catch { return false }
}
const killGates = () => {
  // A process that is just being forked is not in the first listing.
  for (let round = 0; round < 2; round += 1) {
    let pids = []
    try { pids = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)) } catch {}
    for (const pid of pids) if (marked(pid)) try { process.kill(Number(pid), 'SIGKILL') } catch {}
  }
}
const leave = () => {
  killGates()
  process.exit(0)
}
const isHeld = () => {
  try { return !marker || fs.lstatSync(marker).size >= 0 } catch (error) { return error.code !== 'ENOENT' }
}
const end = (text) => {
  if (!lives(hook)) leave()
  // First the hook, so that only one of us answers.
  process.kill(hook.pid, 'SIGKILL')
  killGates()
  fs.writeSync(1, text)
  // Codex waits for the end of this stream; a disk that hangs may hang us only after it.
  fs.closeSync(1)
  if (text === answer && note) try {
    // A FIFO in its place would hold us for ever.
    if (fs.lstatSync(note, { throwIfNoEntry: false })?.isFile() ?? true)
      fs.appendFileSync(note, 'the hook hung until its deadline\n', { mode: 0o600 })
  } catch {}
  process.exit(0)
}
let goneMs = 0
setInterval(() => {
  if (!lives(hook)) leave()
  if (performance.now() - begin >= inMs) end(isHeld() ? answer : unheld)
  if (codex !== null && hasProc) {
    goneMs = lives(codex) ? 0 : goneMs + 500
    if (goneMs > codexGraceMs) end('')
  }
}, 500)
`
