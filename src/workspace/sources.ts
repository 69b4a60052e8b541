import path from 'node:path'
import type { WorkFiles } from '../evidence/present.ts'

/**
 * What no gate has to write: files that git tracks, and new ones beside tracked ones with the same ending. Others that git does
 * not ignore (`report.xml`, `coverage/`) can be what an earlier run of the tests left. Where git tracks nothing, all are.
 */
export function sourcesOf({ files, tracked }: WorkFiles): ReadonlySet<string> {
  if (tracked.size === 0 || tracked.size === files.size) return files
  const others = [...files].filter((file) => !tracked.has(file))
  const asked = new Set(others.map(kindOf))
  const kinds = new Set([...tracked].map(kindOf).filter((kind) => asked.has(kind)))
  const sources = new Set(files)
  for (const file of others) if (!kinds.has(kindOf(file))) sources.delete(file)
  return sources
}

const kindOf = (file: string): string => `${path.posix.dirname(file)}/*${path.posix.extname(file)}`
