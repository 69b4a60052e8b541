import type { ProcessId } from '../base/process-id.ts'

/*
 * A whole program: deadline.ts runs its bundled text with `node -e` and hands over its data as an argument. So nothing may
 * import a value from here, and what is imported here adds to every hook. Where there is no /proc, the hook's number alone
 * tells whether it lives.
 */

export interface GuardData {
  /** From the start of this program. */
  readonly inMs: number
  /** Whole text for stdout. */
  readonly answer: string
  /** In its place when `marker` is not there by then. */
  readonly unheld: string
  readonly marker: string | null
  /** Where to leave word that the hook hung. */
  readonly note: string | null
  readonly codex: ProcessId | null
  readonly codexGraceMs: number
  readonly hook: ProcessId
  /** What the environment of this hook's gates has: an entry that begins with `mark` and holds `owner`. */
  readonly mark: string
  readonly owner: string
}

// An import would bring the bundler's own require with it.
const fs = process.getBuiltinModule('node:fs')
const { inMs, answer, unheld, marker, mark, owner, codex, codexGraceMs, hook, note } = JSON.parse(
  process.argv[1] as string,
) as GuardData
const begin = performance.now()
const hasProc = fs.existsSync('/proc/self/stat')

function lives(id: ProcessId): boolean {
  try {
    if (!hasProc) return process.kill(id.pid, 0)
    const stat = fs.readFileSync(`/proc/${id.pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return !/[ZX]/.test(fields[0] as string) && (fields[19] === id.start || id.start === 'unknown')
  } catch {
    return false
  }
}

/** Only this hook's gates: another one may be judging the same run by now. */
function isGate(pid: string): boolean {
  try {
    return fs
      .readFileSync(`/proc/${pid}/environ`, 'latin1')
      .split('\0')
      .some((entry) => entry.startsWith(mark) && entry.includes(owner))
  } catch {
    return false
  }
}

/** False when it is gone already. */
function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

function pids(): string[] {
  try {
    return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function killGates(): void {
  // A process that is just being forked is not in the first listing.
  for (let round = 0; round < 2; round += 1) for (const pid of pids()) if (isGate(pid)) kill(Number(pid))
}

function leave(): never {
  killGates()
  process.exit(0)
}

function isHeld(): boolean {
  try {
    return marker === null || fs.lstatSync(marker).size >= 0
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}

function leaveNote(file: string): void {
  try {
    // A FIFO in its place would hold us for ever.
    if (fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? true)
      fs.appendFileSync(file, 'the hook hung until its deadline\n', { mode: 0o600 })
  } catch {
    // Nobody is left to be told.
  }
}

function end(text: string): void {
  // First the hook, so that only one of us answers.
  if (!lives(hook) || !kill(hook.pid)) leave()
  killGates()
  fs.writeSync(1, text)
  // Codex waits for the end of this stream; a disk that hangs may hang us only after it.
  fs.closeSync(1)
  if (text === answer && note !== null) leaveNote(note)
  process.exit(0)
}

let goneMs = 0
setInterval(() => {
  if (!lives(hook)) leave()
  if (performance.now() - begin >= inMs) end(isHeld() ? answer : unheld)
  if (codex !== null && hasProc) {
    goneMs = lives(codex) ? 0 : goneMs + 500
    if (goneMs > codexGraceMs) end('')
  }
}, 500)
