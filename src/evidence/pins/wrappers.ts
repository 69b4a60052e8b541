import { own, programOf } from './collection.ts'

/** Programs that only start another one. Value: options that take a value, and how many words stand before the command. */
const WRAPPERS: Readonly<Record<string, { readonly valued: string; readonly words?: number }>> = {
  env: { valued: '-u -C --unset --chdir' },
  'cross-env': { valued: '' },
  dotenv: { valued: '-e -c -v -p' },
  'dotenv-cli': { valued: '-e -c -v -p' },
  'env-cmd': { valued: '-f --file -e -r' },
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
  xargs: { valued: '-n -P -I -L -d -a -s -E --max-args --max-procs --arg-file --delimiter' },
}

const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'cross-env-shell'])

/** The argv that is really meant, behind `env`, `timeout`, `cross-env` and the like. */
export function unwrap(argv: readonly string[]): readonly string[] {
  let rest = argv
  for (;;) {
    const wrapper = own(WRAPPERS, programOf(rest))
    if (wrapper === undefined) return rest
    const valued = wrapper.valued.split(' ')
    let at = 1
    let words = wrapper.words ?? 0
    for (; at < rest.length; at++) {
      const arg = rest[at] as string
      const split = programOf(rest) === 'env' ? splitString(arg, rest[at + 1]) : null
      if (split !== null) {
        rest = ['env', ...split.words, ...rest.slice(at + split.used)]
        at = 0
        break
      }
      if (arg === '--') {
        at++
        break
      }
      if (arg.startsWith('-')) {
        if (valued.includes(arg)) at++
      } else if (!/^\w+=/.test(arg) && words-- <= 0) break
    }
    rest = rest.slice(at)
  }
}

/** `env -S 'node x.js'` and its other spellings: the words, and how many arguments said so. */
function splitString(arg: string, next = ''): { readonly words: string[]; readonly used: number } | null {
  const found = /^(?:-[iv0]*S|--split-string)(=?)(.*)$/s.exec(arg)
  if (found === null) return null
  const used = found[2] === '' ? 2 : 1
  const text = used === 2 ? next : (found[2] as string)
  return { words: text.split(/[\s"'\\]+/).filter((word) => word !== ''), used }
}

/** The text of `sh -c <text>` (also `-lc`, `-euo pipefail -c`); null when no text is given on the command line. */
export function shellText(argv: readonly string[]): string | null {
  const program = programOf(argv)
  if (!SHELLS.has(program)) return null
  if (program === 'cross-env-shell') return argv.slice(1).join(' ')
  const at = argv.findIndex((arg, index) => index > 0 && /^-[a-z]*c$/i.test(arg))
  return at === -1 ? null : (argv.slice(at + 1).find((arg) => !/^[-+]/.test(arg)) ?? null)
}

/** Is this program a shell, whose first word is a script? */
export function isShell(program: string): boolean {
  return SHELLS.has(program)
}
