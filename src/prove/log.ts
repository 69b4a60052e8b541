import fs from 'node:fs'
import path from 'node:path'
import type { Turn } from './actor.ts'
import type { Ran } from './run-program.ts'

/** A file for each thing that was done, in order: what to look at when a proof failed. */
export interface Log {
  ran(what: string, ran: Ran): void
  /** What the agent saw, request by request. */
  turns(turns: readonly Turn[]): void
  /** Nothing is written afterwards. */
  close(): void
}

/** Throws on a system error. */
export function openLog(dir: string): Log {
  fs.mkdirSync(dir, { recursive: true })
  let count = 0
  let open = true
  const write = (name: string, text: string): void => {
    if (!open) return
    count += 1
    fs.writeFileSync(path.join(dir, `${String(count).padStart(2, '0')}-${name}.txt`), text)
  }
  return {
    ran: (what, ran) => {
      const how = ran.timedOut
        ? 'killed at the limit'
        : ran.code === null
          ? 'ended by a signal'
          : `exit ${ran.code}`
      const name = what.replaceAll(/[^a-z]+/gi, '-').slice(0, 40)
      write(name, `$ ${what}\n${how}, ${Math.round(ran.ms)} ms\n\n${ran.stdout}\n\n${ran.stderr}\n`)
    },
    turns: (turns) => {
      const texts = turns.map((turn, index) => {
        const before = turns[index - 1]?.texts.length ?? 0
        return `=== request ${index + 1}\n${turn.texts.slice(before).join('\n---\n')}\n`
      })
      write('what-the-agent-saw', texts.join('\n'))
    },
    close: () => {
      open = false
    },
  }
}
