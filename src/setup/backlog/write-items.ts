import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { syncDirectory, writeFileWhole, writeNewFile } from '../../base/write-file.ts'
import { type BacklogText, backlogDirectory } from '../../backlog/item.ts'
import { readItemName } from '../../backlog/item-id.ts'
import { configRelative, readConfigText } from '../../definition/config-text.ts'

/** What a person said yes to. */
export interface Written {
  readonly items: readonly BacklogText[]
  /** The config as it was shown, and as it is to be; null: it stays. */
  readonly config: { readonly before: string; readonly after: string } | null
}

/**
 * Writes new items, and then the config. Nothing that is there is replaced but the config, and nothing is written through a link: each
 * file is made anew, or what was made goes again. Codes: unsafe_path, item-exists, config-changed, repo_unwritable.
 */
export function writeItems(root: string, { items, config }: Written): Result<readonly string[]> {
  const directory = path.join(root, backlogDirectory)
  const safe = realDirectories(root)
  if (!safe.ok) return safe
  const now = readConfigText(root)
  if (!now.ok) return now
  if (config !== null && now.value.text !== config.before)
    return fail('config-changed', `${configRelative} was changed meanwhile, and nothing was written`, {
      fix: 'look at it, and repeat',
    })
  const wrong = items.find(({ name }) => readItemName(name) === null)
  if (wrong !== undefined) throw new Error(`${JSON.stringify(wrong.name)} is no name of an item`)
  const made: string[] = []
  const undo = (): void => made.forEach((file) => fs.rmSync(file, { force: true }))
  try {
    fs.mkdirSync(directory, { recursive: true })
    for (const { name, text } of items) {
      const file = path.join(directory, name)
      writeNewFile(file, text, 0o644)
      made.push(file)
    }
    syncDirectory(directory)
    if (config !== null)
      writeFileWhole(now.value.path, config.after, fs.statSync(now.value.path).mode & 0o777)
    return ok(made)
  } catch (error) {
    undo()
    const { code, path: file = directory } = error as NodeJS.ErrnoException
    return code === 'EEXIST'
      ? fail('item-exists', `${file} is there already, and nothing was written`, { fix: 'repeat' })
      : fail('repo_unwritable', `${file} could not be written: ${systemWords(error)}`)
  }
}

/** Each of them is a directory of the repository, as far as it is there. */
function realDirectories(root: string): Result<void> {
  for (const part of ['.codex', backlogDirectory]) {
    const at = path.join(root, part)
    const stat = fs.lstatSync(at, { throwIfNoEntry: false })
    if (stat !== undefined && !stat.isDirectory())
      return fail('unsafe_path', `${at} is not a directory of the repository`, {
        fix: `remove ${at} and repeat`,
      })
  }
  return ok(undefined)
}
