import { type Result, ok } from '../base/result.ts'
import { type EntryLook, isLarge } from './entry.ts'
import { openStart } from './git/start.ts'
import type { Baseline, EntryLine, EvidenceOptions } from './types.ts'

/** A file of the start. */
export interface StartFile {
  readonly kind: EntryLook['kind']
  /**
   * Git's name for its bytes (in a directory without git: the first 128 bits of their SHA-256). Null where the bytes were not
   * read: what is no file, and files too large to be hashed.
   */
  readonly oid: string | null
  /** Tracked at the start. False: it lay there, and is known because it was seen or named. */
  readonly tracked: boolean
}

/**
 * Every file of the start by its name relative to the root: our own list, and what lay in the work tree beside it. Codes: those
 * of openStart; git-failed where an older baseline rests on a commit that is gone.
 */
export async function startNames(
  root: string,
  baseline: Baseline,
  options: EvidenceOptions,
): Promise<Result<ReadonlyMap<string, StartFile>>> {
  if (baseline.kind === 'plain') return ok(withEntries(new Map(), baseline.entries, ''))
  const found = await namesAbove(root, baseline, options)
  if (!found.ok) return found
  const { prefix, names } = found.value
  if (prefix === '') return ok(names)
  const below = [...names].filter(([name]) => name.startsWith(prefix))
  return ok(new Map(below.map(([name, file]) => [name.slice(prefix.length), file])))
}

/**
 * The same by names from the top of the work tree, with where the root lies in it ('' or `packages/a/`). Above the root only
 * what was tracked is known. Without git the root is the top.
 */
export async function startNamesFromTop(
  root: string,
  baseline: Baseline,
  options: EvidenceOptions,
): Promise<Result<{ readonly prefix: string; readonly names: ReadonlyMap<string, StartFile> }>> {
  if (baseline.kind === 'plain')
    return ok({ prefix: '', names: withEntries(new Map(), baseline.entries, '') })
  return namesAbove(root, baseline, options)
}

async function namesAbove(
  root: string,
  baseline: Baseline & { readonly kind: 'git' },
  options: EvidenceOptions,
): Promise<Result<{ readonly prefix: string; readonly names: Map<string, StartFile> }>> {
  const opened = openStart(root, [baseline], options)
  if (!opened.ok) return opened
  const { repo, held } = opened.value.start
  const all = await held.all()
  if (!all.ok) return all
  const names = new Map<string, StartFile>()
  for (const [name, blob] of all.value) if (blob) names.set(name, { ...blob, tracked: true })
  return ok({ prefix: repo.prefix, names: withEntries(names, baseline.entries, repo.prefix) })
}

function withEntries(
  names: Map<string, StartFile>,
  entries: readonly EntryLine[],
  prefix: string,
): Map<string, StartFile> {
  for (const [path, kind, hash] of entries) {
    const name = prefix + path
    if (kind === '-') names.delete(name)
    else {
      const read = kind !== 's' && !isLarge({ hash })
      names.set(name, { kind, oid: read ? hash : null, tracked: names.has(name) })
    }
  }
  return names
}
