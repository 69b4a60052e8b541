import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { buildSync } from 'esbuild'
import { sandboxLaunch } from '../../src/codex/sandbox/launch.ts'
import type { Command } from '../../src/contract/types.ts'
import { type GateRun, runGate } from '../../src/gates/run-gate.ts'
import { directLaunch } from '../../src/gates/starter.ts'
import type { GateResult, Launcher } from '../../src/gates/types.ts'
import { codexBinary } from '../rig/binaries.ts'
import { projectRoot } from '../rig/root.ts'
import { killAllOf } from '../rig/processes.ts'

/** A repository, a controller's home and a CODEX_HOME, below the person's home: the temp directory is writable in the sandbox. */
export interface Lab {
  readonly dir: string
  readonly root: string
  readonly home: string
  readonly codexHome: string
  /** Where gates may put things that a test looks at; in the workspace. */
  readonly out: string
  remove(): void
}

export function makeLab(): Lab {
  const dir = fs.mkdtempSync(path.join(os.homedir(), '.autoloop-gates-'))
  const at = (name: string): string => {
    const made = path.join(dir, name)
    fs.mkdirSync(made, { recursive: true })
    return made
  }
  const lab = {
    dir,
    root: at('repo'),
    codexHome: at('codex-home'),
    home: at('codex-home/autoloop'),
    out: at('repo/out'),
    remove: () => {
      // A failing test may leave its gate running.
      killAllOf(dir)
      fs.rmSync(dir, { recursive: true, force: true })
    },
  }
  fs.mkdirSync(path.join(lab.root, '.git'))
  fs.mkdirSync(path.join(lab.home, 'gates'))
  fs.writeFileSync(path.join(lab.home, 'ledger.jsonl'), 'state')
  return lab
}

export function command(name: string, argv: readonly string[], more: Partial<Command> = {}): Command {
  return {
    name,
    argv,
    cwd: '.',
    timeoutSeconds: 60,
    env: {},
    tty: false,
    parallel: false,
    network: false,
    writable: [],
    pins: [],
    evidence: false,
    ...more,
  }
}

export const shell = (script: string, more: Partial<Command> = {}): Command =>
  command('gate', ['sh', '-c', script], more)

export function sandboxed(lab: Lab, writable: readonly string[] = []): Launcher {
  return (start) =>
    sandboxLaunch({
      codexBin: codexBinary(),
      sandboxCodexHome: path.join(lab.home, 'sandbox-home'),
      root: lab.root,
      argv: start.argv,
      env: start.env,
      writable: [...writable, ...start.command.writable],
      protectedDirs: [lab.home, lab.codexHome],
      network: start.command.network === true,
    })
}

export const gatePath = [path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':')

let runs = 0

/** Runs a command without the sandbox unless `launch` says otherwise. */
export function gate(lab: Lab, what: Command, more: Partial<GateRun> = {}): Promise<GateResult> {
  return runGate({
    command: what,
    root: lab.root,
    launch: directLaunch,
    vars: { HOME: os.homedir(), PATH: process.env['PATH'] },
    gatePath,
    runId: `run-${process.pid}-${++runs}`,
    logFile: path.join(lab.home, 'gates', `${runs}.log`),
    maxLogBytes: 50 * 1024 * 1024,
    headBytes: 2000,
    tailBytes: 6000,
    abort: new AbortController().signal,
    loadPty: () => import('node-pty'),
    ...more,
  })
}

/** Whether a process with this pid is there and not a zombie. Linux and macOS. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
  return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}

/** A source file with all it imports as one CommonJS file, for another thread or process. */
export function bundle(lab: Lab, source: string): string {
  const outfile = path.join(lab.dir, `${path.basename(source, '.ts')}.cjs`)
  buildSync({
    entryPoints: [path.join(projectRoot, source)],
    bundle: true,
    mainFields: ['module', 'main'],
    platform: 'node',
    format: 'cjs',
    external: ['node-pty'],
    outfile,
    logLevel: 'error',
  })
  return outfile
}
