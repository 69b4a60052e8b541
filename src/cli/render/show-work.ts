import { visible } from '../../base/text.ts'
import { shellWord } from '../../base/shell-word.ts'
import type { ShownAttempt } from '../../views/show/show-item.ts'
import type { WorkView } from '../../views/show/work.ts'
import { type Doc, type Line, bad, columns, good, quiet, strong, warn } from './doc.ts'
import { quoted } from './quoted.ts'

/** Paths that are listed one by one. */
const MOST_PATHS = 20

const WHAT: Readonly<Record<WorkView['what'], string>> = {
  integrated: 'in the head',
  candidate: 'as its last turn left it',
  rescued: 'kept when the attempt ended',
}

/** What an attempt changed: how much of which path, and the patch where it was asked for; and where it is kept. */
export function workLines({ work, unseen, record, gitDir }: ShownAttempt, patch: string | null): Doc {
  const { ended } = record
  return [
    '',
    [strong('Work'), ...(work === null ? [] : [quiet(`  ${WHAT[work.what]}, ${work.commit.slice(0, 12)}`)])],
    ...(unseen === null ? [] : [[warn('  cannot be shown: '), unseen.message]]),
    ...(work === null ? (unseen === null ? ['  no commit holds anything of it'] : []) : fileLines(work)),
    ...(patch === null ? [] : ['', ...quoted(patch)]),
    ...(ended?.rescue == null
      ? []
      : [
          [quiet('  kept as   '), ended.rescue],
          ...(gitDir === null
            ? []
            : [['  ', `git --git-dir ${shellWord(gitDir)} show --stat ${ended.rescue}`]]),
        ]),
    ...(ended?.setAside == null ? [] : [[quiet('  set aside '), ended.setAside]]),
  ]
}

function fileLines({ files }: WorkView): Doc {
  const total = (of: 'added' | 'removed'): number => files.reduce((sum, one) => sum + (one[of] ?? 0), 0)
  const more = files.length - MOST_PATHS
  return [
    `  ${files.length} ${files.length === 1 ? 'path' : 'paths'}, +${total('added')} -${total('removed')}`,
    ...columns(
      files
        .slice(0, MOST_PATHS)
        .map(({ path, added, removed }): Line =>
          added === null || removed === null
            ? ['binary', '', visible(path)]
            : [good(`+${added}`), bad(`-${removed}`), visible(path)],
        ),
      4,
    ),
    ...(more > 0 ? [`    and ${more} more; --json has all`] : []),
  ]
}
