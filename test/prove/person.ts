import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach } from '@jest/globals'
import { killLeftovers } from '../../src/prove/leftovers.ts'
import type { Proof } from '../../src/prove/prove.ts'
import { codexBinary } from '../rig/binaries.ts'
import { type RunResult, type Running, start } from '../rig/processes.ts'
import { projectRoot } from '../rig/root.ts'

/** A person with a home of their own (not in the temp directory), whose surroundings would spoil everything if used. */
export interface Person {
  readonly home: string
  readonly prove: (args: readonly string[]) => Running
}

const homes: string[] = []
afterEach(async () => {
  for (const home of homes.splice(0)) {
    await killLeftovers(home)
    fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
})

export function person(below: string = os.homedir()): Person {
  // What is looked for in a block stands in every path, too: there it says nothing.
  const home = fs.realpathSync(fs.mkdtempSync(path.join(below, '.autoloop-person-T1-GREETING-')))
  homes.push(home)
  const codexHome = path.join(home, '.codex')
  fs.mkdirSync(codexHome)
  fs.writeFileSync(path.join(codexHome, 'config.toml'), 'this is [not TOML')
  fs.writeFileSync(path.join(codexHome, 'hooks.json'), 'nor is this JSON')
  const env = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: home,
    CODEX_HOME: codexHome,
    AUTONOMOUS_LOOP_HOME: path.join(codexHome, 'autoloop'),
    CODEX_SESSION_ID: '00000000-0000-0000-0000-000000000000',
    CODEX_CI: '1',
    OPENAI_API_KEY: 'a person’s key',
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    HTTP_PROXY: 'http://127.0.0.1:9',
    http_proxy: 'http://127.0.0.1:9',
    NODE_OPTIONS: '--no-warnings',
  }
  return {
    home,
    prove: (args) =>
      start(process.execPath, [path.join(projectRoot, 'bin/autonomous-loop.js'), 'prove', ...args], {
        cwd: projectRoot,
        env,
        timeoutMs: 280_000,
      }),
  }
}

/** A codex that is the real one but for `twist`: lines of a shell script. `bwrap`: with the one that comes with it, so that there is a box. */
export function twisted(home: string, twist: string, bwrap: 'bwrap' | 'none' = 'none'): string {
  const file = path.join(home, 'bin', 'codex')
  const real = codexBinary()
  fs.mkdirSync(path.dirname(file))
  fs.writeFileSync(file, `#!/bin/sh\ncodex='${real}'\n${twist}\nexec "$codex" "$@"\n`, { mode: 0o755 })
  const resources = 'codex-resources'
  if (bwrap === 'bwrap')
    fs.symlinkSync(path.join(path.dirname(real), '..', resources), path.join(home, resources))
  return file
}

export function worldsIn(home: string): string[] {
  return fs.readdirSync(home).filter((name) => name.startsWith('.autoloop-prove-'))
}

export function proofOf(result: RunResult): Proof {
  if (!result.stdout.startsWith('{')) throw new Error(`no proof: ${result.stdout}${result.stderr}`)
  return JSON.parse(result.stdout) as Proof
}

/** Commands of living processes that have their HOME below the directory. */
export function processesIn(dir: string): string[] {
  return fs.readdirSync('/proc').flatMap((pid) => {
    try {
      const env = fs.readFileSync(`/proc/${pid}/environ`, 'utf8')
      return env.includes(`HOME=${dir}/`) ? [fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')] : []
    } catch {
      return []
    }
  })
}
