import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { isObject, parseJson } from '../base/json.ts'
import { removeOwned } from '../base/owned-directory.ts'
import { readFileSafe, readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import type { ExportFile } from '../views/show/export-item.ts'

const INDEX = 'index.json'
const KIND = 'autonomous-loop export'
/** Of one file. */
const MOST_BYTES = 1 << 28

export interface IndexedFile {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/**
 * Makes a directory of an export, all of it or nothing: it is written beside its place first. An earlier export is replaced as long as
 * nobody changed it; anything else that is there stays. Codes: export-exists, export-unwritable.
 */
export function writeExport(
  dir: string,
  files: readonly ExportFile[],
  about: Readonly<Record<string, unknown>>,
): Result<readonly IndexedFile[]> {
  const there = thereIn(dir)
  if (there !== null && there.kind === 'other')
    return fail('export-exists', `${dir} is left alone: ${there.why}`, {
      fix: 'autonomous-loop show <item> --export <another directory>',
    })
  const fresh = path.join(path.dirname(dir), `.${path.basename(dir)}-${randomBytes(6).toString('hex')}`)
  try {
    fs.mkdirSync(fresh, { mode: 0o700 })
    const indexed = files.flatMap((file) => writeOne(fresh, file) ?? [])
    const index = { kind: KIND, v: 1, ...about, files: indexed }
    fs.writeFileSync(path.join(fresh, INDEX), `${JSON.stringify(index, null, 2)}\n`, {
      mode: 0o600,
      flag: 'wx',
    })
    replace(dir, fresh, there !== null)
    return ok(indexed)
  } catch (error) {
    fs.rmSync(fresh, { recursive: true, force: true })
    return fail('export-unwritable', `${dir} could not be written: ${systemWords(error)}`)
  }
}

/** Null: it went away meanwhile, or is no regular file. */
function writeOne(top: string, file: ExportFile): IndexedFile | null {
  const bytes = bytesOf(file)
  if (bytes === null) return null
  const place = path.join(top, file.path)
  fs.mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 })
  fs.writeFileSync(place, bytes, { mode: 0o600, flag: 'wx' })
  return { path: file.path, bytes: bytes.length, sha256: digestOf(bytes) }
}

function bytesOf(file: ExportFile): Buffer | null {
  if (!('from' in file)) return Buffer.from(file.text as Buffer)
  const read = readFileSafe(file.from, { maxBytes: MOST_BYTES })
  return read.ok ? read.value : null
}

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** The earlier one is moved aside, so that there is always a whole one. */
function replace(dir: string, fresh: string, isThere: boolean): void {
  if (!isThere) return fs.renameSync(fresh, dir)
  const old = `${fresh}-old`
  fs.renameSync(dir, old)
  try {
    fs.renameSync(fresh, dir)
  } catch (error) {
    fs.renameSync(old, dir)
    throw error
  }
  removeOwned(old)
}

type There = { readonly kind: 'ours' } | { readonly kind: 'other'; readonly why: string }

/** What is in its place; null: nothing. */
function thereIn(dir: string): There | null {
  const stat = fs.lstatSync(dir, { throwIfNoEntry: false })
  if (stat === undefined) return null
  const other = (why: string): There => ({ kind: 'other', why })
  if (!stat.isDirectory()) return other('it is not a directory')
  if (fs.readdirSync(dir).length === 0) return { kind: 'ours' }
  const indexed = indexedIn(dir)
  if (indexed === null) return other('it holds something, and no export of ours')
  const known = new Map(indexed.map((one) => [one.path, one.sha256]))
  const strange = everythingBelow(dir).find((name) => name !== INDEX && !known.has(name))
  if (strange !== undefined) return other(`${strange} in it is not of the export`)
  const changed = [...known].find(([name, sha256]) => {
    const read = readFileSafe(path.join(dir, name), { maxBytes: MOST_BYTES })
    return read.ok && digestOf(read.value) !== sha256
  })
  return changed === undefined ? { kind: 'ours' } : other(`${changed[0]} in it was changed since`)
}

/** Whatever is no directory, links among it. */
function everythingBelow(dir: string): readonly string[] {
  const found: string[] = []
  const queue = ['']
  for (let at = queue.pop(); at !== undefined; at = queue.pop())
    for (const entry of fs.readdirSync(path.join(dir, at), { withFileTypes: true })) {
      const one = path.join(at, entry.name)
      if (entry.isDirectory()) queue.push(one)
      else found.push(one)
    }
  return found
}

function indexedIn(dir: string): readonly IndexedFile[] | null {
  const text = readTextSafe(path.join(dir, INDEX), { maxBytes: 1 << 26 })
  const index = text.ok ? parseJson(text.value, INDEX) : text
  if (!index.ok || !isObject(index.value) || index.value['kind'] !== KIND) return null
  const { files } = index.value as { readonly files?: unknown }
  return Array.isArray(files) ? (files as readonly IndexedFile[]) : null
}
