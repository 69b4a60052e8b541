import fg from 'fast-glob'
import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { statOf } from '../../base/stat-of.ts'

/** A document that says what is wanted. */
export interface PlanSource {
  /** As a reader would name it. */
  readonly name: string
  readonly text: string
}

const MOST_FILES = 50
/** All of them together. A planner reads them whole, and pays for each word. */
const MOST_BYTES = 300_000

/** Documents at an absolute place: a file, or every Markdown and text file of a directory. Follows no link. Code: plan-source. */
export function readSources(where: string): Result<readonly PlanSource[]> {
  const found = statOf(where)
  if (!found.ok) return fail('plan-source', found.error.message)
  const stat = found.value
  const names = stat.isDirectory()
    ? fg
        .sync('**/*.{md,txt}', {
          cwd: where,
          onlyFiles: true,
          followSymbolicLinks: false,
          caseSensitiveMatch: false,
          suppressErrors: true,
          ignore: ['**/node_modules/**'],
        })
        .sort()
    : [path.basename(where)]
  const dir = stat.isDirectory() ? where : path.dirname(where)
  if (names.length === 0) return fail('plan-source', `${where} has no Markdown and no text file`)
  if (names.length > MOST_FILES)
    return fail('plan-source', `${where} has ${names.length} documents, and at most ${MOST_FILES} are read`)
  const sources: PlanSource[] = []
  for (const name of names) {
    const text = readTextSafe(path.join(dir, name), { maxBytes: MOST_BYTES })
    if (!text.ok) return fail('plan-source', text.error.message)
    sources.push({ name, text: text.value })
  }
  const bytes = sources.reduce((sum, one) => sum + Buffer.byteLength(one.text), 0)
  return bytes > MOST_BYTES
    ? fail('plan-source', `the documents have ${bytes} bytes, and at most ${MOST_BYTES} are read`)
    : ok(sources)
}
