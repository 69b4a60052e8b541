import path from 'node:path'
import { type Collection, isWildcard, join, matchesWildcard } from '../collection.ts'

const MAX_FOLLOWED = 40
const MAX_NAMES = 1000
/** Names that are looked for on behalf of one command. */
const MAX_ASKED = 500
/** Members whose values name further settings, in JSON, JavaScript and YAML; those are settings whatever they are called. */
const NAMING =
  /\b(?:extends|preset|projects|references|testRunner)["']?[ \t]{0,9}:[ \t]{0,9}(\[[^\]]{0,4000}\]|(?:\n[ \t]{0,20}- [^\n]{1,200})+|[^\n,]{1,300})/g
const TYPESCRIPT = ['', '.json', '/tsconfig.json']
const OTHERS = ['', '.js', '.cjs', '.mjs', '.ts', '.json', '/jest-preset.js', '/jest-preset.json']

/** What settings of one program are followed with. */
export interface Following {
  readonly collection: Collection
  readonly followed: Set<string>
  readonly asked: Set<string>
  /** Names of its settings, looked for in directories that `projects` names. */
  readonly files: readonly string[]
}

/** A settings file and, transitively, what it extends, and what it imports as long as that looks like settings too. */
export function pinSetting(rel: string, with_: Following, typescript = isTypescript(rel)): void {
  const { collection, followed } = with_
  if (followed.has(rel) || followed.size > MAX_FOLLOWED) return
  collection.file(rel)
  const text = collection.workspace.text(rel)
  if (text === null) return
  followed.add(rel)
  const dir = path.posix.dirname(rel)
  followNamed(text, dir, with_, typescript)
  // Of a tsconfig.json only those: its `files` and `paths` are the work.
  if (typescript) return
  for (const [, , to] of text.matchAll(/(["'])(\.{1,2}\/[^"'\n]{1,200}|\.{1,2})\1/g)) {
    if (!mayAsk(`import ${dir} ${to}`, with_)) continue
    const file = settingAt(dir, to as string, OTHERS, collection, looksLikeSettings)
    if (file !== null) pinSetting(file, with_)
  }
}

/** What `extends`, `preset`, `projects` and the like say in a text that belongs to a directory. */
export function followNamed(text: string, dir: string, with_: Following, typescript: boolean): void {
  const { collection } = with_
  for (const [, values] of text.matchAll(NAMING)) {
    // Objects name anything (where results go, what a browser keeps), so of theirs only the `path` of references counts.
    if (!typescript && (values as string).includes('{')) continue
    for (const [word] of (values as string).matchAll(/[^\s"'[\]{},]+/g)) {
      const name = word.replace(/^<rootDir>\//, '')
      if (!mayAsk(`${dir} ${name}`, with_)) continue
      const file = settingAt(dir, name, typescript ? TYPESCRIPT : OTHERS, collection, () => true)
      if (file !== null) pinSetting(file, with_, typescript || isTypescript(file))
      else if (!typescript) for (const at of projectsAt(dir, name, collection)) pinProject(at, with_)
    }
  }
}

function mayAsk(key: string, { asked }: Following): boolean {
  if (asked.has(key) || asked.size > MAX_ASKED) return false
  asked.add(key)
  return true
}

/** A project that joins later only adds to the run; see diff.ts. */
function pinProject(dir: string, with_: Following): void {
  with_.collection.pin('member', dir, 'member')
  for (const name of with_.files) pinSetting(join(dir, name), with_)
}

/** Directories that a project's name or pattern (a wildcard in its last part) means; never the directory itself. */
function projectsAt(dir: string, name: string, { workspace }: Collection): string[] {
  const rel = workspace.inside(dir, name)
  if (rel === null || rel === dir || rel.split('/').includes('node_modules')) return []
  const parent = path.posix.dirname(rel)
  const dirs = isWildcard(rel)
    ? (workspace.names(parent, MAX_NAMES) ?? [])
        .filter((child) => matchesWildcard(path.posix.basename(rel), child))
        .map((child) => join(parent, child))
    : [rel]
  return dirs.filter((one) => workspace.stat(one)?.isDirectory())
}

function settingAt(
  dir: string,
  name: string,
  ends: readonly string[],
  { workspace }: Collection,
  accepts: (file: string) => boolean,
): string | null {
  const target = workspace.inside(dir, name)
  if (target === null || target === '.' || target.split('/').includes('node_modules')) return null
  const found = ends.map((end) => target + end).find((f) => accepts(f) && workspace.stat(f)?.isFile())
  return found ?? null
}

function looksLikeSettings(file: string): boolean {
  return /(config|preset|\brc\b|rc\.|eslintrc|\.base\.|\.shared\.|tsconfig)/i.test(path.posix.basename(file))
}

function isTypescript(rel: string): boolean {
  return /(^|\/)tsconfig[^/]*\.json$/.test(rel)
}
