import fg from 'fast-glob'
import path from 'node:path'
import { readFileSafe } from '../base/read-file.ts'
import { type Result, err, ok } from '../base/result.ts'
import { realPath } from '../base/within.ts'
import { MAX_CONTRACT_FILE } from '../contract/contract-file.ts'
import { show } from '../contract/problem.ts'
import type { ProjectConfig } from '../contract/types.ts'
import { type Backlog, type BacklogProblem, type BacklogText, type Item, backlogDirectory } from './item.ts'
import { lint } from './lint.ts'
import { fileOf, nameProblem, parseItem } from './parse-item.ts'
import { readItemName } from './item-id.ts'

/** The files of a backlog, by name, and what keeps others from being read. */
export interface BacklogFiles {
  readonly texts: readonly BacklogText[]
  readonly problems: readonly BacklogProblem[]
}

/** Numbers of the files that are there, whether or not they can be read. Pure. */
export function takenIds({ texts, problems }: BacklogFiles): readonly string[] {
  return [...texts.map((one) => one.name), ...problems.map((one) => one.file)].flatMap(
    (name) => readItemName(path.posix.basename(name))?.id ?? [],
  )
}

/** Items as far as they can be read, and every problem of the backlog. Ready for a batch only without problems. */
export interface BacklogLook extends Backlog {
  readonly problems: readonly BacklogProblem[]
}

/** Reads the directory of a root; nothing there is no problem here, but one for lint. Follows no link. */
export function readBacklogFiles(root: string): BacklogFiles {
  const directory = path.join(root, backlogDirectory)
  // Somebody else's files would be read, at a place that the digest does not name.
  if (realPath(directory) !== path.join(realPath(root), backlogDirectory))
    return {
      texts: [],
      problems: [{ ...unreadable('a symbolic link on the way to it'), file: backlogDirectory }],
    }
  const names = fg
    .sync('**/*.{md,yaml,yml,json}', {
      cwd: directory,
      dot: true,
      onlyFiles: false,
      followSymbolicLinks: false,
      caseSensitiveMatch: false,
      suppressErrors: true,
    })
    // What a backlog is for may be said in it.
    .filter((name) => !/^readme\.md$/i.test(name))
    .sort()
  const texts: BacklogText[] = []
  const problems: BacklogProblem[] = []
  for (const name of names) {
    if (readItemName(name) === null) {
      problems.push({ ...nameProblem(name), file: fileOf(name) })
      continue
    }
    const text = readText(path.join(directory, name))
    if (text.ok) texts.push({ name, text: text.value })
    else problems.push({ ...unreadable(text.error), file: fileOf(name) })
  }
  return { texts, problems }
}

/** The backlog of a root as it lies there. Errors: every problem of every file, and those between them; never empty. */
export function readBacklog(root: string, config: ProjectConfig): Result<Backlog, readonly BacklogProblem[]> {
  const { items, problems } = lookAtBacklog(readBacklogFiles(root), config)
  return problems.length > 0 ? err(problems) : ok({ items })
}

/** The same of texts, which may be the frozen copies of a batch, with the items that could be read. Pure. */
export function lookAtBacklog({ texts, problems }: BacklogFiles, config: ProjectConfig): BacklogLook {
  const read = texts.map(({ name, text }) => ({ name, item: parseItem(name, text, config) }))
  const items = read.flatMap(({ item }): readonly Item[] => (item.ok ? [item.value] : []))
  const found = [...problems, ...read.flatMap(({ item }) => (item.ok ? [] : item.error))]
  const unread = found.flatMap(({ file }) => readItemName(path.posix.basename(file))?.id ?? [])
  const all = [...found, ...lint(items, config, unread)]
  return {
    items: [...items].sort((a, b) => Number(a.id) - Number(b.id)),
    problems: all.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)),
  }
}

/** Bytes that are not UTF-8 would make of two files one digest. */
function readText(file: string): Result<string, string> {
  const bytes = readFileSafe(file, { maxBytes: MAX_CONTRACT_FILE })
  if (!bytes.ok) return err(bytes.error.message)
  const text = bytes.value.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes.value) ? ok(text) : err('bytes that are not UTF-8')
}

function unreadable(why: string): Omit<BacklogProblem, 'file'> {
  return {
    path: '(top level)',
    found: show(why),
    allowed: 'a regular file of UTF-8 text, at most 1 MB, and no link',
    example: 'the file itself in place of a link',
    line: 1,
  }
}
