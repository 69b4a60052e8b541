import fs from 'node:fs'
import path from 'node:path'
import { start, type RunResult, type Running } from '../rig/processes.ts'
import { type Installed, equip, withLab } from '../rig/installed.ts'

/** One machine for many scenarios: bootstrapped once, each scenario with a place and sessions of its own. */
export interface World {
  readonly lab: Installed
  /** A hook through the installed shim, as Codex starts it. */
  hook(event: string, cwd: string, payload: Readonly<Record<string, unknown>>): Promise<RunResult>
  /** The agent's shell of a session. */
  shell(script: string, where: ShellPlace): Running
}

export interface ShellPlace {
  readonly workspace: string
  readonly cwd: string
  readonly sessionId: string
  readonly sandboxed: boolean
  readonly place: string
}

export async function withWorld<T>(use: (world: World) => Promise<T>): Promise<T> {
  return withLab(
    {
      git: false,
      script: () => {
        throw new Error('no model takes part in a scenario')
      },
    },
    async (lab) => {
      const installed = equip(lab)
      await installed.json(['bootstrap'])
      const shim = path.join(installed.home, 'bin', 'hook')
      return use({
        lab: installed,
        hook: (event, cwd, payload) =>
          start(shim, [event], {
            cwd,
            env: lab.env(),
            stdin: JSON.stringify(payload),
            timeoutMs: 120_000,
          }).done,
        shell: (script, where) => startShell(installed, script, where),
      })
    },
  )
}

/** As Codex runs a command: its variables, and its sandbox with the workspace as the writable root. */
function startShell(lab: Installed, script: string, where: ShellPlace): Running {
  const env = lab.env({
    ...identity,
    PLACE: where.place,
  })
  // Codex's own words for its command; the shell around it is ours.
  const marks = [
    `CODEX_SESSION_ID=${where.sessionId}`,
    `CODEX_THREAD_ID=${where.sessionId}`,
    'CODEX_CI=1',
    'CODEX_TOOL_CALL_ID=call_1',
  ]
  const shell = ['/bin/sh', '-ec', 'cd "$0" && exec /bin/sh -ec "$1"', where.cwd, script]
  const sandbox = [lab.codexPath, 'sandbox', '-P', ':workspace', '-C', where.workspace, '--']
  // Codex gives commands a pipe. What node makes for a child is a socket, which node itself cannot use in the sandbox.
  const argv = [
    '-o',
    'pipefail',
    '-c',
    '"$@" 2>&1 | cat',
    'agent',
    'env',
    ...marks,
    ...(where.sandboxed ? sandbox : []),
    ...shell,
  ]
  return start('bash', argv, { cwd: where.workspace, env, timeoutMs: 60_000 })
}

/** Whoever commits in a scenario; no file of the person's says it. */
const identity = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@localhost',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@localhost',
}

/** A person's shell in the repository. */
export function personShell(lab: Installed, script: string, cwd: string, place: string): Running {
  return start('/bin/sh', ['-ec', script], {
    cwd,
    env: lab.env({ ...identity, PLACE: place }),
    timeoutMs: 60_000,
  })
}

export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text, text.startsWith('#!') ? { mode: 0o755 } : {})
  }
}
