import fs from 'node:fs'
import path from 'node:path'
import { type Sha256, sha256 } from '../base/hash.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { shellWord } from '../base/shell-word.ts'

export const configRelative = '.codex/autoloop.project.json'

/** Real path and text of a repository's config. Codes: config-missing, config-unreadable. */
export function readConfigText(root: string): Result<{ path: string; text: string; sha256: Sha256 }> {
  const file = path.join(root, configRelative)
  const text = readTextSafe(file, { maxBytes: 4_000_000 })
  if (!text.ok)
    return text.error.code === 'missing'
      ? fail('config-missing', `${root} has no ${configRelative}`, {
          fix: `autonomous-loop install-repo --repo ${shellWord(root)}`,
        })
      : fail('config-unreadable', text.error.message, { fix: `look at ${file}` })
  return ok({ path: fs.realpathSync(file), text: text.value, sha256: sha256(text.value) })
}
