import fs from 'node:fs'
import path from 'node:path'
import { type Tui, startTerminal } from '../rig/tui.ts'
import { type Held, permissions } from './rig.ts'

/** Claude Code in a pseudo terminal, after its questions to a new person. */
export interface Terminal extends Tui {
  /** Types a line as a person does, and sends it. */
  enter(line: string): Promise<void>
  /** Esc, or another key: the turn ends, the program goes on. */
  interrupt(key?: string): Promise<void>
  /** Ctrl-C until it ends. */
  leave(): Promise<number | null>
}

export const escape = '\u001b'
export const ctrlC = '\u0003'

export async function inTerminal<T>(
  lab: Held,
  args: readonly string[],
  use: (tui: Terminal) => Promise<T>,
): Promise<T> {
  introduce(lab)
  const tui = startTerminal(lab, [lab.claudePath, ...permissions, ...args])
  const terminal: Terminal = {
    ...tui,
    async enter(line) {
      tui.type(line)
      // Sent together with its end it would be a paste, whose end is a line break.
      await tui.sees(new RegExp(`[❯!] ${literal(line)}`))
      tui.type('\r')
    },
    async interrupt(key = escape) {
      tui.type(key)
      await tui.sees(/Interrupted · What should Claude do instead\?(?!.*(?:⎿|●))/)
    },
    async leave() {
      tui.type(ctrlC)
      await tui.sees(/Press Ctrl-C again to exit/)
      tui.type(ctrlC)
      return tui.ended
    },
  }
  try {
    await tui.sees(/shift\+tab to cycle/, 25_000)
    return await use(terminal)
  } finally {
    await tui.close()
  }
}

/** What it has asked a person at their first start: a theme, the key, whether this directory is trusted. */
function introduce(lab: Held): void {
  const file = path.join(lab.config, '.claude.json')
  const before: object = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as object) : {}
  const key = lab.env()['ANTHROPIC_API_KEY'] ?? ''
  const text = JSON.stringify({
    ...before,
    hasCompletedOnboarding: true,
    theme: 'dark',
    customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
    projects: { [lab.repo]: { hasTrustDialogAccepted: true } },
  })
  fs.writeFileSync(file, text)
}

const literal = (text: string): string => text.replaceAll(/[$.*+?^{}()|[\]\\/]/g, String.raw`\$&`)
