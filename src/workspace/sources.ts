import path from 'node:path'
import type { WorkFiles } from '../evidence/present.ts'

/**
 * What no gate has to write: files that git tracks, and new ones beside tracked ones with the same ending. Others that git does
 * not ignore (`report.xml`, `coverage/`) can be what an earlier run of the tests left. Where git tracks nothing, all are.
 */
export function sourcesOf({ files, tracked }: WorkFiles): ReadonlySet<string> {
  if (tracked.size === 0) return files
  const kinds = new Set([...tracked].map(kindOf))
  return new Set([...files].filter((file) => tracked.has(file) || kinds.has(kindOf(file))))
}

const kindOf = (file: string): string => `${path.posix.dirname(file)}/*${path.posix.extname(file)}`
