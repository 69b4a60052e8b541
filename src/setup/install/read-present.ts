import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'

const MAX_FILE = 4_000_000

/**
 * Text of a file of the repository, null when there is none. A link anywhere on the way is refused: a repository from
 * elsewhere could make us write outside it.
 */
export function readPresent(root: string, name: string): Result<string | null> {
  const parts = name.split('/')
  for (let depth = 1; depth < parts.length; depth++) {
    const dir = path.join(root, ...parts.slice(0, depth))
    try {
      const stat = fs.lstatSync(dir, { throwIfNoEntry: false })
      if (stat === undefined) return ok(null)
      if (!stat.isDirectory())
        return fail('unsafe_path', `${dir} is not a directory of the repository`, {
          fix: `remove ${dir} and repeat`,
        })
    } catch (error) {
      return fail('unreadable_file', `${dir} cannot be looked at: ${systemWords(error)}`)
    }
  }
  const file = path.join(root, name)
  const text = readTextSafe(file, { maxBytes: MAX_FILE })
  if (text.ok) return ok(text.value)
  if (text.error.code === 'missing') return ok(null)
  const code =
    text.error.code === 'link' || text.error.code === 'not-regular' ? 'unsafe_path' : 'unreadable_file'
  return fail(code, text.error.message, { fix: `look at ${file}` })
}
