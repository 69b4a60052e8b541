import type { Mended, Repaired } from '../../doctor/repaired.ts'
import { type Doc, type Line, quiet, warn } from './doc.ts'

/** `doctor --repair`: what was mended, and what stays as it is. */
export function repairDoc({ did, left }: Repaired): Doc {
  if (did.length + left.length === 0) return ['There was nothing to mend.']
  return [
    ...did.flatMap((one): Line[] => [
      [quiet(`${WORDS[one.what]} `), one.name],
      ...(one.kept === null ? [] : [[quiet('  kept as '), one.kept]]),
    ]),
    ...left.map(({ name, why }): Line => [warn('left alone: '), `${name}: ${why}`]),
  ]
}

const WORDS: Readonly<Record<Mended['what'], string>> = {
  'process-ended': 'ended process',
  'worktree-removed': 'removed worktree',
  'worktree-registered': 'made known to git again: worktree',
  'registration-removed': 'forgot the worktree that is gone:',
  'repository-mended': 'mended our repository',
  'lock-removed': 'removed lock',
  'note-removed': 'removed note of a process that is gone:',
  'request-removed': 'removed stop for a process that is gone:',
  'request-moved': 'moved request that cannot be read:',
  'suspension-removed': 'removed suspension that is over:',
  'mode-set': 'closed to other users:',
}
