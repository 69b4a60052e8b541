import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { self } from '../../base/process-id.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import type { Command } from '../../contract/types.ts'
import { makeFifo } from '../../gates/make-fifo.ts'
import { type Results, readResults } from '../../gates/preflight.ts'
import { runGate } from '../../gates/run-gate.ts'
import type { GateResult, Launcher } from '../../gates/types.ts'
import { openFiles } from './inside.ts'
import { type Places, socketNames } from './places.ts'
import { type Planted, plantedHere } from './plant.ts'
import { systemCalls } from './system-call.ts'

export interface Outside {
  readonly root: string
  readonly launch: Launcher
  /** Writable for the sandbox itself: the same directory inside and outside. */
  readonly shared: string
  /** Starts the probe when its places are appended, as JSON. */
  readonly probe: readonly string[]
  readonly vars: Readonly<Record<string, string | undefined>>
}

/**
 * Runs the probe as a gate is run, while this process does outside what other programs of the person do: it reads a FIFO,
 * and binds sockets once the probe is running. Code: preflight-failed.
 */
export async function tryBoxFrom(outside: Outside): Promise<Result<Results>> {
  const planted = plantedHere(outside.vars)
  if (planted === null) return fail('preflight-failed', 'this process was not started for a preflight')
  const shared = fs.mkdtempSync(path.join(fs.realpathSync(outside.shared), 'preflight-'))
  const fifo = (file: string): number => {
    makeFifo(file)
    // For both, so that nobody waits for anybody with the opening.
    return fs.openSync(file, fs.constants.O_RDWR)
  }
  const at = (name: string): string => path.join(shared, name)
  const person = fifo(path.join(planted.dir, 'fifo'))
  const [ready, go] = [fifo(at('ready')), fifo(at('go'))]
  const servers = socketNames.map(() => net.createServer((one) => one.on('error', () => undefined).end()))
  try {
    fs.writeFileSync(path.join(planted.dir, 'witness'), '')
    const places = placesOf(planted, { ready: at('ready'), go: at('go') })
    fs.read(ready, Buffer.alloc(1), () => {
      void bindLate(planted.dir, servers).then((bound) => fs.writeSync(go, bound ? '.' : 'x'))
    })
    return resultsOf(await runGate(gateRun(outside, places)))
  } finally {
    fs.writeSync(ready, 'x')
    for (const server of servers) server.close()
    for (const fd of [person, go]) fs.closeSync(fd)
    fs.rmSync(shared, { recursive: true, force: true })
  }
}

function placesOf(planted: Planted, between: Pick<Places, 'ready' | 'go'>): Places {
  const { pid, start } = self()
  return {
    ...between,
    ...planted,
    ...ownMemory(),
    pid,
    start,
    planted: systemCalls()?.findsKey(planted.key) === true,
    descriptor: openFiles().includes(planted.secret),
  }
}

/** Where the kernel has put the environment that this process was started with. */
function ownMemory(): Pick<Places, 'at' | 'length'> {
  const stat = fs.readFileSync('/proc/self/stat', 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // proc(5): fields 50 and 51, env_start and env_end; the state is field 3.
  const [from = 0, to = 0] = [fields[47], fields[48]].map(Number)
  return { at: from, length: Math.min(to - from, 262_144) }
}

/** Whether all of them listen. Addresses of sockets are short, so they are named from their directory. */
async function bindLate(dir: string, [bound, linked]: readonly net.Server[]): Promise<boolean> {
  try {
    process.chdir(dir)
    await listen(bound, 'bound')
    await listen(linked, 'first')
    fs.linkSync('first', 'linked')
    return true
  } catch {
    return false
  }
}

function listen(server: net.Server | undefined, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server?.once('error', reject).listen(name, resolve)
  })
}

function gateRun({ root, launch, probe, vars }: Outside, places: Places): Parameters<typeof runGate>[0] {
  const command: Command = {
    name: 'preflight',
    argv: [...probe, JSON.stringify(places)],
    cwd: '.',
    timeoutSeconds: 30,
    env: {},
    tty: false,
    parallel: false,
    network: 'loopback',
    writable: [],
    pins: [],
    evidence: false,
  }
  return {
    command,
    root,
    launch,
    vars,
    gatePath: '/usr/bin:/bin',
    runId: `preflight-${randomBytes(8).toString('hex')}`,
    logFile: null,
    maxLogBytes: 0,
    headBytes: 1000,
    tailBytes: 10_000,
    abort: new AbortController().signal,
    loadPty: () => Promise.reject(new Error('no terminal is asked for')),
  }
}

function resultsOf({ outcome, tail }: GateResult): Result<Results> {
  const json = parseJson(tail.trim(), 'what the probe said')
  if (outcome.kind === 'passed' && json.ok && isObject(json.value)) return ok(readResults(json.value))
  const why = outcome.kind === 'could-not-run' ? outcome.why : tail
  return fail('preflight-failed', `what the box holds could not be tried: ${why.trim().slice(-500)}`)
}
