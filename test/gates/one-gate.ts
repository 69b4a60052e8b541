import path from 'node:path'
import { sandboxLaunch } from '../../src/codex/sandbox/launch.ts'
import { runGate } from '../../src/gates/run-gate.ts'
import { directLaunch } from '../../src/gates/starter.ts'

/** A stand-in for the hook process: runs one gate described by its argument, so that a test can kill it. */
interface Job {
  readonly sandbox: boolean
  readonly runId: string
  readonly root: string
  readonly home: string
  readonly codexBin: string
  readonly gatePath: string
  readonly script: string
}
const job = JSON.parse(process.argv[2] ?? '') as Job

void runGate({
  command: {
    name: 'gate',
    argv: ['sh', '-c', job.script],
    cwd: '.',
    timeoutSeconds: 600,
    env: {},
    tty: false,
    parallel: false,
    network: false,
    writable: [],
    pins: [],
    evidence: false,
  },
  root: job.root,
  launch: (start) =>
    job.sandbox
      ? sandboxLaunch({
          codexBin: job.codexBin,
          sandboxCodexHome: path.join(job.home, 'sandbox-home'),
          root: job.root,
          argv: start.argv,
          env: start.env,
          writable: [],
          protectedDirs: [job.home],
          network: false,
        })
      : directLaunch(start),
  vars: process.env,
  gatePath: job.gatePath,
  runId: job.runId,
  logFile: null,
  maxLogBytes: 0,
  headBytes: 1000,
  tailBytes: 1000,
  abort: new AbortController().signal,
  loadPty: () => Promise.reject(new Error('not here')),
})
