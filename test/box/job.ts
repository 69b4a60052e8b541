import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { boxed, grantedNetwork } from '../../src/box/boxed.ts'
import { sandboxLaunch } from '../../src/codex/sandbox/launch.ts'
import type { Command } from '../../src/contract/types.ts'
import type { Network } from '../../src/contract/network.ts'
import { collectDefinition } from '../../src/definition/index.ts'
import { GateRow } from '../../src/gates/row.ts'
import { runGate } from '../../src/gates/run-gate.ts'
import { directLaunch } from '../../src/gates/starter.ts'
import type { GateResult, Launcher } from '../../src/gates/types.ts'
import { gateRunner } from '../../src/judging/gate-runner.ts'
import type { Context } from '../../src/records/context.ts'
import type { RunState } from '../../src/ledger/state.ts'
import { type BoxOfTree, knownBoxOfTree } from '../../src/records/known-box.ts'
import { launcherWith } from '../../src/records/sandbox-launcher.ts'
import { type TreeRules, treeMaker } from '../../src/records/sealing.ts'
import type { Machine } from '../rig/machines.ts'

/** A stand-in for the hook process, so that a test can be another user: one gate described by the argument. */
export interface Job {
  readonly dir: string
  readonly codexBin: string
  readonly command: Command
  /** `outside` runs it without any sandbox, for comparison; `product` lets the product find out. */
  readonly place: 'box' | 'box-no-unix' | 'outside' | 'product'
  /** Makes what a person's machine has and tells it the gate as `places.json` in the workspace. */
  readonly person: boolean
  /** Sockets on which a program of the person listens. */
  readonly listens?: readonly string[]
  /** Of the person's environment, besides HOME. */
  readonly vars?: Readonly<Record<string, string>>
  /** Where node-pty is; absent: nowhere. */
  readonly pty?: string
  /** The tree is sealed, as far as the place grants it. */
  readonly sealed?: TreeRules
  /** Gates of the same row that run before it. */
  readonly before?: readonly Command[]
  /** Instead of the lab's repository. */
  readonly root?: string
  /** It kills itself once the gate has said something. */
  readonly dies?: boolean
  /** Frozen and run as the engine does it, in steps where it has them. */
  readonly apart?: boolean
  /** What is around all of it, outermost first. */
  readonly machines?: readonly Machine[]
}

const job = JSON.parse(process.argv[2] ?? '') as Job
const at = (name: string): string => path.join(job.dir, name)
const root = job.root ?? at('repo')

const lookedAt = {
  vars: { HOME: at('user'), PATH: '/usr/bin:/bin' },
  cwd: root,
  codexHome: at('codex'),
  home: at('state'),
  tmpDir: '/tmp',
  uid: process.getuid?.() ?? -1,
}

async function loadPty(): Promise<unknown> {
  if (job.pty === undefined) throw new Error('not here')
  return createRequire(path.join(job.pty, 'package.json'))(job.pty)
}

async function main(): Promise<void> {
  const close = job.person ? await livePerson() : () => undefined
  const servers = (job.listens ?? []).map((socket) => net.createServer((one) => one.end()).listen(socket))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  if (job.dies) fs.watch(at('state'), dieOnceItSpeaks)
  const launch = launcher()
  const row = new GateRow()
  const run = (what: Command): Promise<GateResult> =>
    runGate({
      command: what,
      root,
      launch,
      vars: { HOME: at('user'), ...job.vars },
      gatePath: `${path.dirname(process.execPath)}:/usr/bin:/bin`,
      runId: `box-${process.pid}`,
      logFile: at('state/gate.log'),
      maxLogBytes: 1e6,
      headBytes: 1000,
      tailBytes: 20_000,
      abort: new AbortController().signal,
      loadPty,
      row,
    })
  for (const one of job.before ?? []) await run(one)
  const result = job.apart ? await frozenGate() : await run(job.command)
  row.end()
  close()
  for (const server of servers) server.close()
  process.stdout.write(JSON.stringify(result), () => process.exit(0))
}

function dieOnceItSpeaks(): void {
  const log = at('state/gate.log')
  if (fs.existsSync(log) && fs.statSync(log).size > 0) process.kill(process.pid, 'SIGKILL')
}

async function frozenGate(): Promise<GateResult> {
  const { command } = job
  const gatePath = `${path.dirname(process.execPath)}:/usr/bin:/bin`
  const frozen = collectDefinition(root, [command], gatePath)
  if (!frozen.ok) throw new Error(frozen.error.message)
  const activation = {
    repoRoot: root,
    gatePath,
    config: { commands: { gate: command }, policy: {} },
    configSha256: null,
    ...frozen.value,
  }
  const run = { runId: `box-${process.pid}`, stops: 0, activation } as unknown as RunState
  const gates = gateRunner(run, {
    machine: () => ({ launch: launcher(), nodePty: null }),
    vars: { HOME: at('user') },
    abort: new AbortController().signal,
    logs: at('state'),
  })
  const [result] = await gates([command])
  if (result === undefined) throw new Error('no gate was run')
  return result
}

function launcher(): Launcher {
  if (job.place === 'outside') return directLaunch
  const context = { env: lookedAt } as unknown as Context
  return job.place === 'product'
    ? launcherWith(context, root, job.codexBin, job.sealed ?? null)
    : inBox(found())
}

function found(): Pick<BoxOfTree, 'on' | 'refused'> {
  const whole = knownBoxOfTree({ env: lookedAt }, job.codexBin, root)
  const { granted } = whole.on
  if (job.place === 'box' || granted === null) return whole
  const filter = at('state/sandbox-home/box/filter-no-unix.bpf')
  const on = { rung: 'box-no-unix', granted: { ...granted, filter, pieces: null }, why: 'as if' } as const
  return { on, refused: whole.refused }
}

const inBox = (box: Pick<BoxOfTree, 'on' | 'refused'>): Launcher => {
  const { on } = box
  const treeOf = job.sealed && treeMaker({ env: lookedAt }, root, job.sealed)
  return async (start) => {
    const judged = treeOf ? await treeOf(box, start.command, start.row) : null
    if (judged?.ok === false) return judged
    const network = start.command.network as Network
    const launch = sandboxLaunch({
      codexBin: job.codexBin,
      sandboxCodexHome: at('state/sandbox-home'),
      root,
      argv: start.argv,
      env: start.env,
      writable: start.command.writable,
      protectedDirs: [at('state')],
      network: grantedNetwork(on, network) !== 'none',
    })
    if (!launch.ok) return launch
    const kept = [...launch.value.writable, at('state/sandbox-home')]
    const sealed = judged?.value.sealed ?? null
    const value = boxed(launch.value, on, { network, kept, sealed, reached: start.reached })
    return { ok: true, value: judged ? { ...value, tree: judged.value.tree } : value }
  }
}

/** Sockets, FIFOs, servers and programs of a person, and what appears only while the gate runs. */
async function livePerson(): Promise<() => void> {
  const name = `autoloop-box-${process.pid}`
  const tmp = path.join('/tmp', name)
  fs.mkdirSync(tmp, { mode: 0o700 })
  const servers: net.Server[] = []
  const listen = async (where: string | number): Promise<net.Server> => {
    const server = net.createServer((socket) => socket.on('error', () => undefined).end())
    servers.push(server)
    if (typeof where === 'number') server.listen(where, '0.0.0.0')
    else server.listen(where)
    await once(server, 'listening')
    return server
  }
  const sockets: Record<string, string> = { 'socket in /tmp': `${tmp}/s`, 'socket in HOME': at('user/s') }
  for (const file of Object.values(sockets)) await listen(file)
  const stop = realPrograms(tmp, sockets)
  const fifo = at('user/fifo')
  spawnSync('mkfifo', [fifo, path.join(root, 'ready'), path.join(root, 'go')])
  const reader = fs.openSync(fifo, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  await listen(`\0${name}`)
  const { port } = (await listen(0)).address() as net.AddressInfo
  const late = { 'socket bound late': at('user/late'), 'socket renamed late': at('user/renamed') }
  void fs.promises.readFile(path.join(root, 'ready')).then(async () => {
    await listen(late['socket bound late'])
    await listen(at('user/first'))
    fs.renameSync(at('user/first'), late['socket renamed late'])
    return fs.promises.writeFile(path.join(root, 'go'), '')
  })
  const address = Object.values(os.networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address
  const places = {
    sockets,
    fifos: { 'FIFO in HOME': fifo },
    late,
    ready: path.join(root, 'ready'),
    go: path.join(root, 'go'),
    abstract: name,
    port,
    address: address ?? null,
    pid: process.pid,
    secret: at('secret'),
  }
  fs.writeFileSync(path.join(root, 'places.json'), JSON.stringify(places))
  return () => {
    fs.closeSync(reader)
    for (const server of servers) server.close()
    stop()
    fs.rmSync(tmp, { recursive: true, force: true })
  }
}

/** tmux and ssh-agent, where this machine has them. */
function realPrograms(tmp: string, sockets: Record<string, string>): () => void {
  const env = { PATH: '/usr/bin:/bin', HOME: at('user'), SHELL: '/bin/sh' }
  const tmux = `${tmp}/tmux`
  const started = spawnSync('tmux', ['-S', tmux, 'new-session', '-d', 'sh'], { env })
  if (started.status === 0) sockets['tmux'] = tmux
  const agent = `${at('user')}/agent`
  const said = spawnSync('ssh-agent', ['-s', '-a', agent], { env, encoding: 'utf8' })
  const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(said.stdout ?? '')?.[1])
  if (pid > 1) sockets['ssh-agent'] = agent
  return () => {
    if (started.status === 0) spawnSync('tmux', ['-S', tmux, 'kill-server'], { env })
    if (pid > 1) process.kill(pid)
  }
}

void main()
