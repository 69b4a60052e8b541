import { programOf } from '../definition/collection.ts'
import { quoted } from './found.ts'

/** Git's own options that take a word of their own before the verb. */
const VALUED = new Set(['-C', '-c', '--git-dir', '--work-tree'])

/**
 * The first of some simple commands that wants a workspace without changes; null when none does. It passes before any
 * work and never after, so it makes no gate.
 */
export function wantsCleanTree(steps: readonly (readonly string[])[]): string | null {
  const found = steps.find((argv) => isAbout(argv) || argv.some(isTested))
  return found === undefined ? null : quoted(found.join(' '))
}

function isAbout(argv: readonly string[]): boolean {
  if (programOf(argv) !== 'git') return false
  let at = 1
  while (argv[at]?.startsWith('-') === true) at += VALUED.has(argv[at] as string) ? 2 : 1
  const args = argv.slice(at + 1)
  const has = (...flags: readonly string[]): boolean => args.some((arg) => flags.includes(arg))
  switch (argv[at] ?? '') {
    case 'diff':
    case 'diff-index':
    case 'diff-files':
      // Two commits, or two files, are the same whatever the agent does to the workspace.
      return has('--quiet', '--exit-code') && !has('--no-index') && !args.some((arg) => arg.includes('..'))
    case 'status':
      // Only a program reads this form.
      return args.some((arg) => /^(?:--porcelain(?:=.*)?|--short|-s|-z)$/.test(arg))
    default:
      return false
  }
}

/** `[ -z "$(git diff)" ]` */
function isTested(word: string): boolean {
  return /\$\(\s*git (?:diff|status|ls-files (?:-m|--modified|-o|--others))(?! --no-index)\b(?![^)]*\.\.)/.test(
    word,
  )
}
