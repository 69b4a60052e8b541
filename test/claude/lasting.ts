import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { processesOf } from '../rig/processes.ts'
import type { Held } from './rig.ts'

/** A gate that says that it runs, in a cache (what it writes in its tree nobody else sees), and then stays. */
const text = `import fs from 'node:fs'
fs.writeFileSync(process.env.HOME + '/.npm/_cacache/running', '')
setInterval(() => {}, 1000)
`

export interface LastingGate {
  /** Shell text that puts it in the place of the gate, and that takes it away. */
  readonly take: string
  readonly drop: string
  runs(): boolean
}

export function lastingGate(lab: Held): LastingGate {
  const running = path.join(lab.userHome, '.npm/_cacache/running')
  fs.mkdirSync(path.dirname(running), { recursive: true })
  fs.rmSync(running, { force: true })
  lab.write('lasting.mjs', text)
  return {
    take: 'cp lasting.mjs test/check.js',
    drop: 'git checkout -q test/check.js; rm lasting.mjs',
    runs: () => fs.existsSync(running),
  }
}

/** Processes of the lab whose command line is like this. */
export function pidsOf(lab: Held, line: RegExp): number[] {
  return processesOf(lab.dir).filter((pid) => {
    try {
      return line.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' '))
    } catch {
      return false
    }
  })
}

/** Polls what no event tells: processes and files of others. Jest's own timeout is the end of it. */
export async function until(there: () => boolean): Promise<void> {
  while (!there()) await pause(20)
}
