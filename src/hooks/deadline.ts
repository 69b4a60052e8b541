import { Worker } from 'node:worker_threads'
import type { ProcessId } from '../base/process-id.ts'

/** The main thread sees Codex go first and ends its gates in good order; this long after, the worker does it. */
const codexGraceMs = 10_000

/**
 * Answers and ends the process at the deadline even when the main thread hangs in a system call, where no timer fires;
 * without an answer when the Codex that asked is gone. The worker lives outside the event loop's count, so an early
 * finish is not held up by it.
 */
export function guardDeadline(parts: {
  readonly atMs: number
  readonly now: number
  /** Whole text for stdout, sentinel included. */
  readonly answer: string
  /** AUTOLOOP_GATE marks this run's gates with it; they are killed first. */
  readonly runId: string
  /** The Codex that started this hook; null when it is not known. */
  readonly codex: ProcessId | null
}): () => void {
  const worker = new Worker(workerSource, {
    eval: true,
    workerData: {
      delay: Math.max(0, parts.atMs - parts.now),
      answer: parts.answer,
      runId: parts.runId,
      codex: parts.codex,
      codexGraceMs,
    },
    stdout: false,
    stderr: false,
  })
  worker.unref()
  // A worker that cannot start leaves the softer deadline, which the main thread holds itself.
  worker.on('error', () => undefined)
  return () => void worker.terminate()
}

/** Plain JavaScript: it must run although the main thread, and so every module loaded there, is stuck. */
const workerSource = `
const { workerData } = require('node:worker_threads')
const fs = require('node:fs')
const { codex, codexGraceMs } = workerData
const mark = 'AUTOLOOP_GATE=' + workerData.runId
const marked = (pid) => {
  try {
    const environ = fs.readFileSync('/proc/' + pid + '/environ', 'latin1')
    return environ.split('\\0').some((entry) => entry === mark || entry.startsWith(mark + ':'))
  } catch { return false }
}
const end = (answer) => {
  // Twice: a process that is just being forked is not in the first listing.
  for (let round = 0; round < 2; round += 1) {
    let pids = []
    try { pids = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)) } catch {}
    for (const pid of pids)
      if (Number(pid) !== process.pid && marked(pid)) try { process.kill(Number(pid), 'SIGKILL') } catch {}
  }
  try { fs.writeSync(1, answer) } finally { process.kill(process.pid, 'SIGKILL') }
}
setTimeout(() => end(workerData.answer), Math.min(workerData.delay, 2 ** 31 - 1))
const codexLives = () => {
  try {
    const stat = fs.readFileSync('/proc/' + codex.pid + '/stat', 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] !== 'Z' && fields[0] !== 'X' && fields[19] === codex.start
  } catch { return !fs.existsSync('/proc/self/stat') }
}
let goneMs = 0
if (codex !== null && process.platform === 'linux')
  setInterval(() => {
    goneMs = codexLives() ? 0 : goneMs + 1000
    if (goneMs > codexGraceMs) end('')
  }, 1000)
`
