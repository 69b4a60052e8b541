import { createHash } from 'node:crypto'
import { readFileSafe } from '../../base/read-file.ts'
import { EntryReader, type EntryLook, isLarge } from '../entry.ts'
import type { Held } from './held.ts'
import type { Blob } from './parse.ts'
import type { Repo } from './repo.ts'
import { runGit } from './run.ts'
import type { Shadow } from './shadow.ts'
import { fsPath } from '../path-text.ts'

/**
 * Whether a file holds what the start held. Equal bytes are; else git is asked what it would store, because line-end
 * settings make different bytes the same content. Only by attributes that the start held too: those of the work tree are
 * the agent's, and could call a changed program the same. No object of the repository is read for it: what the bytes would
 * be stored as has the name of the start's blob, or it has not.
 */
export async function sameContent(
  repo: Repo,
  shadow: Shadow,
  root: string,
  held: Held,
  path: string,
  now: EntryLook | null,
  side: Blob | null,
): Promise<boolean> {
  if (now === null || side === null) return now === null && side === null
  if (now.kind !== side.kind) return false
  if (now.hash === side.oid) return true
  if (now.kind === 'l') return false
  if (isLarge(now))
    return new EntryReader(root, repo.format, undefined, Infinity).look(path)?.hash === side.oid
  const bytes = readFileSafe(fsPath(root, path) as string, { maxBytes: MOST_CONVERTED })
  if (!bytes.ok || !couldBeStoredAs(bytes.value, side.oid, repo.format)) return false
  if (!(await attributesHold(repo, held, path))) return false
  const stored = await runGit(repo, shadow, {
    args: ['hash-object', '--stdin', `--path=${repo.prefix}${path}`],
    input: bytes.value,
  })
  return stored.ok && stored.value.toString('latin1').trim() === side.oid
}

/** Only then is git asked: the same with LF line ends, or with keywords as git itself expands them. */
function couldBeStoredAs(bytes: Buffer, oid: string, format: 'sha1' | 'sha256'): boolean {
  const text = bytes.toString('latin1')
  if (text.includes('\r\n') && withLf(text) === text) return false
  if (text.includes('$Id')) return !/\$Id(?=[:$])(?!\$|: [0-9a-f]{40,64} \$)/.test(text)
  return isHashOf(withLf(text), oid, format)
}

/** Line ends as git leaves them are CRLF all: one CR more is another program. */
export function withLf(text: string): string {
  return /(?<!\r)\n/.test(text) ? text : text.replaceAll('\r\n', '\n')
}

export function isHashOf(text: string, oid: string, format: 'sha1' | 'sha256'): boolean {
  const bytes = Buffer.from(text, 'latin1')
  return createHash(format).update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === oid
}

/** Every `.gitattributes` that speaks of this path is what the start held, or neither is there. */
async function attributesHold(repo: Repo, held: Held, path: string): Promise<boolean> {
  const dirs = `${repo.prefix}${path}`.split('/').slice(0, -1)
  const files = ['', ...dirs.map((_dir, at) => `${dirs.slice(0, at + 1).join('/')}/`)].map(
    (dir) => `${dir}.gitattributes`,
  )
  const sides = await held.sides(files)
  if (!sides.ok) return false
  const eyes = new EntryReader(repo.top, repo.format)
  return files.every((file) => {
    const side = sides.value.get(file) ?? null
    const now = eyes.look(file)
    if (now === null || side === null) return now === side
    if (now.hash === side.oid) return true
    const bytes = readFileSafe(fsPath(repo.top, file) as string, { maxBytes: MOST_CONVERTED })
    return bytes.ok && isHashOf(withLf(bytes.value.toString('latin1')), side.oid, repo.format)
  })
}

/** Larger files are compared by their bytes alone. */
const MOST_CONVERTED = 64 << 20
