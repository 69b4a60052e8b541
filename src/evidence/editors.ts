import type { EntryLook } from './entry.ts'
import { plainPath } from './glob.ts'
import type { NamedPath } from './types.ts'

/** Copies, locks and half-written files of vim, Emacs, nano and JetBrains. */
const NAMES = [/^\..*\.sw[a-z]$/, /^#.*#$/, /~$/, /^___jb_/, /___jb_(?:tmp|old|bak)___$/]

/** Vim's probe whether it may write to a directory: without a byte. */
const PROBE = '4913'
const EMPTY = new Set([
  'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
  '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
  'e3b0c44298fc1c149afbf4c8996fb924',
])

/**
 * Whether a file is only there because somebody has an editor open: nobody's work. Not what can be run, and not what evidence
 * names to the letter. `look` null: it is gone. Pure.
 */
export function isEditors(path: string, look: EntryLook | null, named: readonly NamedPath[]): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const kind = look?.kind ?? 'f'
  const theirs =
    name === PROBE
      ? kind === 'f' && (look === null || EMPTY.has(look.hash))
      : // Emacs locks a file by a link that leads nowhere.
        name.startsWith('.#')
        ? kind === 'l' || kind === 'f'
        : kind === 'f' && NAMES.some((shape) => shape.test(name))
  return theirs && !named.some((one) => 'path' in one && plainPath(one.path) === path)
}
