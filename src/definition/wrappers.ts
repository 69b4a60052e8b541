import { own, programOf } from './collection.ts'
import { parseShell } from './shell.ts'

interface Wrapper {
  /** Options that take a value. */
  readonly valued: string
  /** How many words stand before the command. */
  readonly words?: number
  /** Options whose value is a file of variables for the command. */
  readonly files?: string
}

/** Programs that only start another one. */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  env: { valued: '-u -C --unset --chdir' },
  'cross-env': { valued: '' },
  dotenv: { valued: '-e -c -v -p', files: '-e' },
  'dotenv-cli': { valued: '-e -c -v -p', files: '-e' },
  'env-cmd': { valued: '-f --file -e -r', files: '-f --file' },
  timeout: { valued: '-k -s --kill-after --signal', words: 1 },
  gtimeout: { valued: '-k -s', words: 1 },
  nice: { valued: '-n --adjustment' },
  ionice: { valued: '-c -n -p' },
  nohup: { valued: '' },
  setsid: { valued: '' },
  stdbuf: { valued: '-i -o -e' },
  sudo: { valued: '-u -g' },
  time: { valued: '-f -o' },
  'xvfb-run': { valued: '-n -s -e -f -p -w --server-num --server-args' },
  flock: { valued: '-w -E', words: 1 },
  command: { valued: '' },
  exec: { valued: '-a' },
  chronic: { valued: '' },
  faketime: { valued: '-f', words: 1 },
  xargs: { valued: '-I -n -P -L -d -E -s -a --max-args --max-procs --max-lines --delimiter --arg-file' },
  unbuffer: { valued: '' },
  busybox: { valued: '' },
  taskset: { valued: '', words: 1 },
}

const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'cross-env-shell'])
const MAX_DEPTH = 50

/**
 * The argv that is really meant, behind `env`, `timeout`, `cross-env` and the like. `passed` hears of the
 * wrappers' names and of the files that they take variables from.
 */
export function unwrap(
  argv: readonly string[],
  passed?: (what: 'program' | 'file', name: string) => void,
): readonly string[] {
  let rest = argv
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const wrapper = own(WRAPPERS, programOf(rest))
    if (wrapper === undefined) return rest
    passed?.('program', rest[0] ?? '')
    const isEnv = programOf(rest) === 'env'
    const valued = wrapper.valued.split(' ')
    let at = 1
    let words = wrapper.words ?? 0
    let split: readonly string[] = []
    for (; at < rest.length; at++) {
      const arg = rest[at] as string
      if (arg === '--') {
        at++
        break
      }
      const text = isEnv ? /^(?:-[iv0]*S|--split-string(?:=|$))(.*)$/s.exec(arg)?.[1] : undefined
      if (text !== undefined) {
        split = wordsIn(text === '' ? (rest[++at] ?? '') : text)
        at++
        break
      }
      if (arg.startsWith('-')) {
        if (!valued.includes(arg)) continue
        at++
        if (wrapper.files?.split(' ').includes(arg)) passed?.('file', rest[at] ?? '')
      } else if (!/^\w+=/.test(arg) && words-- <= 0) break
    }
    rest = [...split, ...rest.slice(at)]
    // What `env -S` holds is its whole command line: variables may stand before the command.
    if (split.length > 0) rest = ['env', ...rest]
  }
  return rest
}

function wordsIn(text: string): readonly string[] {
  const [first] = parseShell(`env ${text}`)
  return first?.kind === 'command' ? first.argv.slice(1) : []
}

/** The text of `sh -c <text>` (also `-lc`, `-ce`, `-euo pipefail -c`); null when no text is given on the command line. */
export function shellText(argv: readonly string[]): string | null {
  const program = programOf(argv)
  if (program === 'cross-env-shell') return argv.slice(1).join(' ')
  const call = SHELLS.has(program) ? shellCall(argv) : null
  return call?.isText === true ? (call.word ?? null) : null
}

/** The script that a shell is given, as in `bash -euo pipefail ci.sh`; null when it is given a text or nothing. */
export function shellScript(argv: readonly string[]): string | null {
  const call = shellCall(argv)
  return call.isText ? null : (call.word ?? null)
}

/** A shell's first word behind its options, and whether an option makes a text of it. */
function shellCall(argv: readonly string[]): { readonly word: string | undefined; readonly isText: boolean } {
  let isText = false
  let at = 1
  for (; at < argv.length && /^[-+]/.test(argv[at] as string); at++) {
    const arg = argv[at] as string
    if (/^--?$/.test(arg)) return { word: argv[at + 1], isText }
    if (/^-[a-zA-Z]*c/.test(arg)) isText = true
    if (/^[-+][a-zA-Z]*[oO]$|^--(rcfile|init-file)$/.test(arg)) at++
  }
  return { word: argv[at], isText }
}

/** Is this program a shell, whose first word is a script? */
export function isShell(program: string): boolean {
  return SHELLS.has(program)
}
