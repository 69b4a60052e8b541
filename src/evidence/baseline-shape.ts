import { isObject } from '../base/json.ts'
import type { KnownIndex } from './git/index.ts'
import { Listing, type ListingRecord } from './git/listing.ts'
import { staysInside } from './path-text.ts'
import type { Baseline, EntryLine, GitSettings, NamedPath, Refs } from './types.ts'

/**
 * A parsed file as a Baseline, or null. Paths that leave the root are refused: an agent may have written the file. `dir` is
 * where it lay, with its list of files; a report (null) has none.
 */
export function readBaseline(value: unknown, dir: string | null): Baseline | null {
  if (!isObject(value)) return null
  const { kind, entries, named, texts } = value
  if (!isEntries(entries) || !isNamed(named)) return null
  if (texts !== undefined && !isTexts(texts)) return null
  const kept = texts === undefined ? {} : { texts }
  if (kind === 'plain') return { kind, entries, named, ...kept }
  if (kind !== 'git') return null
  const { commit, format, settings, sparse, ignores, ignored, nested, index, listing, refs } = value
  if (commit !== null && !(typeof commit === 'string' && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)))
    return null
  if (format !== 'sha1' && format !== 'sha256') return null
  if (!isSettings(settings)) return null
  if (sparse !== null && !isPaths(sparse)) return null
  if (index !== null && !isKnownIndex(index)) return null
  if (ignores !== undefined && ignores !== null && !isTexts(ignores)) return null
  if (ignored !== undefined && ignored !== null && !isPlaces(ignored)) return null
  if (nested !== undefined && !isPlaces(nested)) return null
  if (listing !== undefined && (dir === null || !isListing(listing))) return null
  if (refs !== undefined && !isRefs(refs)) return null
  const rest = { kind, commit, format, settings, entries, named, sparse, index } as const
  return {
    ...rest,
    ...(ignores === undefined ? {} : { ignores }),
    ...(ignored === undefined ? {} : { ignored }),
    ...(nested === undefined ? {} : { nested }),
    ...(listing === undefined ? {} : { listing: new Listing(listing, { dir: dir ?? '' }) }),
    ...(refs === undefined ? {} : { refs }),
    ...kept,
  }
}

function isEntries(value: unknown): value is EntryLine[] {
  return (
    Array.isArray(value) &&
    value.every(
      (line: unknown) =>
        Array.isArray(line) &&
        line.length === 4 &&
        isPath(line[0]) &&
        typeof line[1] === 'string' &&
        /^[fxls-]$/.test(line[1]) &&
        typeof line[2] === 'string' &&
        typeof line[3] === 'string',
    )
  )
}

function isNamed(value: unknown): value is NamedPath[] {
  return (
    Array.isArray(value) &&
    value.every(
      (one: unknown) => isObject(one) && (typeof one['path'] === 'string' || typeof one['glob'] === 'string'),
    )
  )
}

function isTexts(value: unknown): value is readonly (readonly [string, string])[] {
  return (
    Array.isArray(value) &&
    value.every(
      (one: unknown) =>
        Array.isArray(one) && one.length === 2 && isPath(one[0]) && typeof one[1] === 'string',
    )
  )
}

function isListing(value: unknown): value is ListingRecord {
  return (
    isObject(value) &&
    typeof value['sha256'] === 'string' &&
    /^[0-9a-f]{64}$/.test(value['sha256']) &&
    typeof value['prefix'] === 'string' &&
    (value['prefix'] === '' || (value['prefix'].endsWith('/') && isPlaces([value['prefix']]))) &&
    Number.isSafeInteger(value['mtimeMs']) &&
    isTextOrNull(value['source'])
  )
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}

function isSettings(value: unknown): value is GitSettings {
  return (
    isObject(value) &&
    typeof value['excludes'] === 'string' &&
    isWord(value['autocrlf']) &&
    isWord(value['eol']) &&
    (value['fileMode'] === undefined || value['fileMode'] === false)
  )
}

function isWord(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && /^\w{1,6}$/.test(value))
}

export function isKnownIndex(value: unknown): value is KnownIndex {
  return (
    isObject(value) &&
    typeof value['checksum'] === 'string' &&
    isPaths(value['submodules']) &&
    Array.isArray(value['hidden']) &&
    value['hidden'].every(
      (one: unknown) =>
        isObject(one) &&
        isPath(one['path']) &&
        typeof one['skipWorktree'] === 'boolean' &&
        isBlob(one['side']),
    )
  )
}

function isBlob(value: unknown): boolean {
  return (
    value === null ||
    (isObject(value) && typeof value['kind'] === 'string' && typeof value['oid'] === 'string')
  )
}

function isPaths(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isPath)
}

/** Paths, of which directories end in `/`. */
function isPlaces(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.every((one: unknown) => typeof one === 'string' && isPath(one.replace(/\/$/, '')))
  )
}

/** Nothing that could be another line of `packed-refs`. */
function isRefs(value: unknown): value is Refs {
  if (!isObject(value)) return false
  const { head, list } = value
  const isName = (name: unknown): boolean =>
    typeof name === 'string' && /^refs\/[^\x00-\x20\x7f]+$/.test(name)
  return (
    (head === null || isName(head)) &&
    Array.isArray(list) &&
    list.every(
      (one: unknown) =>
        Array.isArray(one) &&
        one.length === 2 &&
        isName(one[0]) &&
        typeof one[1] === 'string' &&
        /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(one[1]),
    )
  )
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && staysInside(value)
}
