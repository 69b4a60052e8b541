import { spawn } from 'node:child_process'
import type { Lab } from './codex.ts'
import { Screen } from './screen.ts'

/** A codex TUI in a pseudo terminal. */
export interface Tui {
  /** Resolves when the pattern is in what the screen showed so far, escape sequences left out; rejects at the timeout with the text. */
  shows(pattern: RegExp, timeoutMs?: number): Promise<void>
  /** The same for what stands on the screen now, as a terminal draws it. */
  sees(pattern: RegExp, timeoutMs?: number): Promise<void>
  screen(): string
  /** What `shows` looks at. */
  text(): string
  /** Everything that was written to the screen so far, escape sequences too. */
  raw(): string
  /** Types text as a person would. */
  type(text: string): void
  /** Exit status, once it has ended by itself. */
  readonly ended: Promise<number | null>
  close(): Promise<void>
}

export function startTui(lab: Lab, args: readonly string[]): Tui {
  return startTerminal(lab, [lab.codexPath, ...args])
}

/** Any program in a pseudo terminal. `script` (util-linux) gives one without a native module. */
export function startTerminal(lab: Pick<Lab, 'repo' | 'env'>, argv: readonly string[]): Tui {
  const command = argv.map((arg) => `'${arg}'`).join(' ')
  const child = spawn('script', ['-qefc', `stty rows 50 cols 140; exec ${command}`, '/dev/null'], {
    cwd: lab.repo,
    env: lab.env({ TERM: 'xterm-256color', COLUMNS: '140', LINES: '50' }),
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  })
  let raw = ''
  const screen = new Screen()
  let drawn = 0
  let changed: () => void = () => undefined
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  child.stdin.on('error', () => undefined)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const before = raw.length
    raw += text
    // What a terminal would answer; without a cursor position the TUI does not start. A query may come in two pieces.
    for (const [query, reply] of replies)
      if (raw.includes(query, before - query.length + 1)) child.stdin.write(reply)
    changed()
  })
  const drawnNow = (): string => {
    // A sequence may come in two pieces; its end is awaited.
    const whole = raw.length - (begun.exec(raw.slice(drawn))?.[0].length ?? 0)
    screen.write(raw.slice(drawn, whole))
    drawn = whole
    return screen.text()
  }
  const waitFor = async (pattern: RegExp, read: () => string, timeoutMs: number): Promise<void> => {
    const late = setTimeout(() => changed(), timeoutMs)
    const until = Date.now() + timeoutMs
    try {
      while (!pattern.test(read())) {
        if (Date.now() >= until)
          throw new Error(`the screen never showed ${pattern}:\n${read().slice(-4000)}`)
        await new Promise<void>((resolve) => (changed = resolve))
      }
    } finally {
      clearTimeout(late)
    }
  }
  return {
    shows: (pattern, timeoutMs = 20_000) => waitFor(pattern, () => plain(raw), timeoutMs),
    sees: (pattern, timeoutMs = 20_000) => waitFor(pattern, drawnNow, timeoutMs),
    screen: drawnNow,
    ended,
    text: () => plain(raw),
    raw: () => raw,
    type: (text) => void child.stdin.write(text),
    async close() {
      // What has ended by itself leaves no group.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
      await ended
    },
  }
}

/** An escape sequence without its end. */
const begun = /\u001b(?:\[[0-9;?<>=]*[ -/]*|\][^\u0007\u001b]*\u001b?|[ -/]*)$/

const replies: readonly (readonly [string, string])[] = [
  ['\u001b[6n', '\u001b[1;1R'],
  ['\u001b[c', '\u001b[?62;c'],
  ['\u001b]10;?', '\u001b]10;rgb:ffff/ffff/ffff\u001b\\'],
  ['\u001b]11;?', '\u001b]11;rgb:0000/0000/0000\u001b\\'],
]

/** Cursor moves become spaces, so that words drawn piece by piece keep apart; everything else of the control language goes. */
function plain(text: string): string {
  return text
    .replaceAll(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '')
    .replaceAll(/\u001b\[[0-9;?<>=]*[HGfABCDd]/g, ' ')
    .replaceAll(/\u001b\[[0-9;?<>=]*[ -/]*[@-~]/g, '')
    .replaceAll(/\u001b[@-Z\\-_=>]/g, '')
    .replaceAll(/[ \t\r]+/g, ' ')
}
