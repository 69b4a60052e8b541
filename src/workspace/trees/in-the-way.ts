import { fsPath } from '../../evidence/path-text.ts'
import { statAt } from './stat-at.ts'
import { walkTree } from './walk-tree.ts'

/**
 * What stands where files would come, or where a directory of theirs would, and is in no commit: git itself writes over what it
 * ignores. `come`: paths of files. `tracked`: what the index has.
 */
export function untrackedAmong(top: string, come: readonly string[], tracked: ReadonlySet<string>): string[] {
  const found = new Set<string>()
  for (const one of come) {
    for (let at = one.indexOf('/'); at >= 0; at = one.indexOf('/', at + 1)) {
      const dir = one.slice(0, at)
      if (!tracked.has(dir) && kindAt(top, dir) === 'file') found.add(dir)
    }
    const kind = kindAt(top, one)
    if (kind === 'file' && !tracked.has(one)) found.add(one)
    if (kind === 'directory') for (const inner of untrackedBelow(top, one, tracked)) found.add(inner)
  }
  return [...found].sort()
}

function untrackedBelow(top: string, dir: string, tracked: ReadonlySet<string>): string[] {
  const { found } = walkTree(String(fsPath(top, dir)), () => true)
  return [...found].flatMap(([one, { kind }]) =>
    kind === 'directory' || tracked.has(`${dir}/${one}`) ? [] : [`${dir}/${one}`],
  )
}

/** `file`: anything but a directory. */
function kindAt(top: string, one: string): 'file' | 'directory' | null {
  const stat = statAt(top, one)
  if (stat === undefined) return null
  return stat.isDirectory() ? 'directory' : 'file'
}
