import { type Doc, printDoc, quiet } from './render/doc.ts'
import type { Folded } from './render/batch-items.ts'
import { screenWidth } from './screen.ts'
import { watchPlaces } from './watch-home.ts'

/** Ages such as "at work for 40 s" grow old without any event, and a process that was killed changes no file. */
const ageMs = 5_000
/** However much happens: nobody reads faster. */
const calmMs = 300

/** The first that fits is shown, else the last. */
const FORMS = ['none', 'over', 'idle'] as const satisfies readonly Folded[]

/**
 * Draws on the whole terminal, again after each change, until q, Ctrl-C or Ctrl-D. The terminal is left as it was. `draw` is asked for less where
 * a screen is too low for it.
 */
export async function watchScreen(
  draw: () => (folded: Folded) => Doc,
  places: () => readonly string[],
  interrupted: AbortSignal,
): Promise<void> {
  const { stdin, stdout } = process
  const colour = !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  let drawn = ''
  const show = (): void => {
    const rows = stdout.rows ?? 24
    const doc = draw()
    const printed = FORMS.map((folded) =>
      printDoc(doc(folded), colour, screenWidth(stdout)).split('\n').slice(0, -1),
    )
    const lines = printed.find((one) => one.length < rows) ?? printed.at(-1) ?? []
    const shown = lines.length >= rows ? [...lines.slice(0, rows - 2), '…'] : lines
    const foot = printDoc([[quiet('q ends')]], colour).trimEnd()
    const filled = [...shown, ...Array.from({ length: Math.max(0, rows - 1 - shown.length) }, () => ''), foot]
    // Home, then each line with what stood behind it erased: no flicker. Lines are cut by the terminal (no wrap).
    const frame = filled.map((line) => `${line}\u001b[K`).join('\r\n')
    if (frame !== drawn) stdout.write(`\u001b[H${frame}`)
    drawn = frame
  }
  // What a terminal makes of a frame when its size changes is not ours.
  const whole = (): void => {
    drawn = ''
    show()
  }
  // Alternate screen, no wrap, no cursor.
  stdout.write('\u001b[?1049h\u001b[?7l\u001b[?25l\u001b[2J')
  stdin.setRawMode(true)
  let [drawnAt, later]: [number, NodeJS.Timeout | undefined] = [-calmMs, undefined]
  const again = (): void => {
    drawnAt = performance.now()
    later = undefined
    show()
  }
  const changes = watchPlaces(places, () => {
    later ??= setTimeout(again, Math.max(0, drawnAt + calmMs - performance.now()))
  })
  const ages = setInterval(show, ageMs)
  const restore = (): void => {
    stdout.write('\u001b[?25h\u001b[?7h\u001b[?1049l')
    if (stdin.isTTY) stdin.setRawMode(false)
  }
  const ended = (): void => process.exit(143)
  process.once('exit', restore)
  process.once('SIGTERM', ended)
  try {
    show()
    stdout.on('resize', whole)
    await new Promise<void>((resolve) => {
      stdin.on('data', (keys: Buffer) => {
        if (/[qQ\u0003\u0004]/.test(keys.toString('latin1'))) resolve()
      })
      stdin.once('end', resolve)
      interrupted.addEventListener('abort', () => resolve(), { once: true })
      stdin.resume()
    })
  } finally {
    clearInterval(ages)
    clearTimeout(later)
    changes.close()
    stdout.off('resize', whole)
    process.off('exit', restore)
    process.off('SIGTERM', ended)
    stdin.pause()
    restore()
  }
}
