import { Worker } from 'node:worker_threads'

/**
 * Answers and ends the process at the deadline even when the main thread hangs in a system call, where no timer fires.
 * The worker lives outside the event loop's count, so an early finish is not held up by it.
 */
export function guardDeadline(parts: {
  readonly atMs: number
  readonly now: number
  /** Whole text for stdout, sentinel included. */
  readonly answer: string
  /** AUTOLOOP_GATE marks this run's gates with it; they are killed first. */
  readonly runId: string
}): () => void {
  const worker = new Worker(workerSource, {
    eval: true,
    workerData: { delay: Math.max(0, parts.atMs - parts.now), answer: parts.answer, runId: parts.runId },
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
setTimeout(() => {
  let pids = []
  try { pids = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)) } catch {}
  const mark = 'AUTOLOOP_GATE=' + workerData.runId
  for (const pid of pids) {
    if (Number(pid) === process.pid) continue
    try {
      const environ = fs.readFileSync('/proc/' + pid + '/environ', 'latin1')
      if (environ.split('\\0').some((entry) => entry === mark || entry.startsWith(mark + ':'))) process.kill(Number(pid), 'SIGKILL')
    } catch {}
  }
  fs.writeSync(1, workerData.answer)
  process.kill(process.pid, 'SIGKILL')
}, workerData.delay)
`
