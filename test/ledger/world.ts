import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll } from '@jest/globals'
import { buildSync } from 'esbuild'
import { sha256 } from '../../src/base/hash.ts'
import type { Activation, CommandRecord, NewEvent, StopRecord } from '../../src/ledger/events.ts'

const made: string[] = []
afterAll(() => {
  for (const dir of made) fs.rmSync(dir, { recursive: true, force: true })
})

export function tempDir(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'ledger-test-'))
  made.push(dir)
  return dir
}

export const session = '01999999-aaaa-7bbb-8ccc-000000000001'

export function activation(over: Partial<Activation> = {}): Activation {
  return {
    runId: 'run-1',
    sessionId: session,
    repoRoot: '/repo',
    contract: {
      version: 1,
      contractId: 'c-1',
      objective: 'make it work',
      mode: 'enforced',
      gateProfile: 'default',
      tasks: [],
      limits: { maxStopIterations: 12, maxRepeatedFailureSignature: 3 },
      policy: { control: 'person', background: 'block', gateWrites: [], sandbox: 'on', gates: 'required' },
    },
    contractHash: sha256('contract'),
    activationMode: 'prompt',
    armedBy: 'prompt',
    requestId: 'request-1',
    baselines: [],
    baselineLabel: 'own',
    config: null,
    configSha256: null,
    configPath: null,
    pins: [],
    gatePath: '/usr/bin',
    ...over,
  }
}

export function command(name: string, outcome: CommandRecord['outcome']): CommandRecord {
  return {
    name,
    argv: [name],
    outcome,
    exitCode: outcome === 'passed' ? 0 : outcome === 'failed' ? 1 : null,
    detail: '',
    durationMs: 1,
    tail: '',
    logFile: null,
    sandboxed: true,
  }
}

export function stop(over: Partial<StopRecord> = {}): Extract<NewEvent, { type: 'stop' }> {
  const data: StopRecord = {
    stop: 1,
    payloadSha256: sha256('payload'),
    verdict: 'block',
    outstandingTaskIds: ['T1'],
    evidence: [],
    plan: { state: 'absent', open: [] },
    commands: [],
    failedGates: [],
    signature: sha256('signature'),
    workspace: sha256('workspace'),
    answer: '{}',
    reason: 'not yet',
    durationMs: 5,
    notices: [],
    ...over,
  }
  return { type: 'stop', data }
}

let bundled = 0

/** Makes one of the small programs in children/ runnable by node itself: what is tested across processes is the real code. */
export function bundle(name: string): string {
  const outfile = path.join(tempDir(), `${name}-${(bundled += 1)}.cjs`)
  buildSync({
    entryPoints: [path.join(import.meta.dirname, 'children', `${name}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
  })
  return outfile
}

export interface Child {
  readonly process: ChildProcess
  /** Resolves with the first line that the child printed. */
  readonly line: Promise<string>
  readonly ended: Promise<{ code: number | null; signal: string | null; out: string; err: string }>
}

export function start(file: string, args: readonly string[]): Child {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString()
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')))
    })
    child.on('close', () => reject(new Error(`ended without a line: ${err}`)))
  })
  line.catch(() => {})
  child.stderr.on('data', (data: Buffer) => (err += data.toString()))
  const ended = new Promise<{ code: number | null; signal: string | null; out: string; err: string }>(
    (resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, out, err }))
    },
  )
  return { process: child, line, ended }
}
