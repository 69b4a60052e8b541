import { askerOf } from '../asker.ts'
import type { Io } from '../command.ts'
import { printDoc } from './doc.ts'
import type { Doing, Watch } from '../../judging/watch.ts'
import { doingWords } from './doing.ts'

/** One line on a terminal that says what is being waited for. Drawn over itself; gone after `clear`. */
export interface WaitingLine {
  /** Says it, with the seconds since `since` (default: now) counted. */
  show(what: string, since?: number): void
  /** Says what is asked for anew each second, times and all. */
  tell(what: () => string): void
  clear(): void
}

/** Where a line can be drawn over itself: a terminal that moves its cursor. */
export interface Screen {
  readonly isTTY: boolean
  readonly columns?: number
  write(text: string): unknown
}

const beginAgain = '\r\u001b[K'
const silent: WaitingLine = { show: () => undefined, tell: () => undefined, clear: () => undefined }

/**
 * The waiting line of a command: on stderr, for a person only. Silent in a pipe, with --json, on a dumb terminal, and
 * for an agent, which would read every second of it even where its tool has a terminal.
 */
export function waitingLine(
  io: Pick<Io, 'json' | 'context'>,
  screen: Screen = process.stderr,
  clock: () => number = Date.now,
): WaitingLine {
  const { vars } = io.context.env
  if (io.json || !screen.isTTY || vars['TERM'] === 'dumb' || askerOf(io.context) === 'agent') return silent
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => {
    clearInterval(timer)
    timer = undefined
    screen.write(beginAgain)
  }
  // An impatient Ctrl-C ends us without a `clear`; the prompt should not stand behind our line.
  const atExit = (): void => {
    if (timer) screen.write(beginAgain)
  }
  const begin = (draw: () => void): void => {
    if (timer) clearInterval(timer)
    else process.once('exit', atExit)
    timer = setInterval(draw, 1000)
    timer.unref()
    draw()
  }
  const write = (what: string, ms: number): void => {
    screen.write(beginAgain + lineOf(what, ms, screen.columns ?? 80))
  }
  return {
    show: (what, since = clock()) => begin(() => write(what, clock() - since)),
    tell: (what) => begin(() => write(what(), 0)),
    clear() {
      if (!timer) return
      stop()
      process.off('exit', atExit)
    },
  }
}

/** `… what, 12 s`, shortened so that it never wraps: a wrapped line cannot be drawn over. Seconds from the first on. */
export function lineOf(what: string, ms: number, width: number): string {
  const time = ms < 1000 ? '' : `, ${Math.floor(ms / 1000)} s`
  const room = Math.max(0, width - 1 - '… '.length - time.length)
  const letters = Array.from(printDoc([what.replaceAll(/\s+/g, ' ')], false).trimEnd())
  const text =
    letters.length <= room ? letters : [...letters.slice(0, Math.max(0, room - 1)), '…'].slice(0, room)
  return `… ${text.join('')}${time}`
}

/** Says what is waited for: `running gate test (3 of 5)`; neighbours that run together are named together. */
export function gateProgress(line: WaitingLine, clock: () => number = Date.now): Watch {
  const running = new Map<Doing, number>()
  const draw = (): void => {
    const [first] = running
    if (first === undefined) return line.show('looking at the workspace')
    return line.show(doingWords([...running.keys()]), first[1])
  }
  return {
    began(doing) {
      running.set(doing, clock())
      draw()
    },
    ended(doing) {
      running.delete(doing)
      draw()
    },
  }
}
