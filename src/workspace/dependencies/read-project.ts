import path from 'node:path'
import type { DependencyContext, DependencyReason, ManifestTexts } from './dependency-change.ts'
import { type LockView, type PlacedWant, compareLocks } from './compare-locks.ts'
import type { EcosystemRow } from './ecosystems.ts'
import { startOf } from './package-fault.ts'
import type { Lock, LockFormat, ManifestFormat } from './parts.ts'
import { sameInOrder } from './same.ts'

/** The manifests that differ and share lock files, with these: they are judged together. */
export interface Project {
  readonly row: EcosystemRow
  /** Directory of the lock files. */
  readonly dir: string
  readonly manifests: readonly { readonly file: string; readonly format: ManifestFormat }[]
  readonly locks: readonly { readonly file: string; readonly format: LockFormat }[]
}

/** What a manifest asks for besides, and what else is new in it. */
export interface ReadManifest {
  readonly file: string
  readonly format: ManifestFormat
  readonly reasons: readonly DependencyReason[]
  readonly wants: readonly PlacedWant[]
}

/** A lock file beside itself at the start. */
export interface ComparedLock {
  readonly file: string
  readonly format: LockFormat
  /** Null where it cannot be compared; `reasons` says why. */
  readonly view: LockView | null
  readonly now: Lock | null
  readonly reasons: readonly DependencyReason[]
}

export const reason = (kind: DependencyReason['kind'], name: string | null = null): DependencyReason => ({
  kind,
  package: name,
})

export function readManifest(
  { file, format }: Project['manifests'][number],
  lockDir: string,
  { was, now }: ManifestTexts,
): ReadManifest {
  const [before, after] = [was(file), now(file)]
  const none = (kind: DependencyReason['kind']): ReadManifest => ({
    file,
    format,
    reasons: [reason(kind)],
    wants: [],
  })
  if (before === null || after === null) return none(before === null ? 'new-file' : 'removed-file')
  const old = attempt(() => format.read(plainText(before)))
  const fresh = attempt(() => format.read(plainText(after)))
  if (!old || !fresh) return none('unreadable')
  const dir = path.posix.relative(lockDir, path.posix.dirname(file)) || '.'
  const moved = [...old.wants].flatMap(([key, { name, spec }]) => {
    const still = fresh.wants.get(key)
    return still && sameInOrder(still.spec, spec) ? [] : [reason('moved', name)]
  })
  const added = [...fresh.wants].filter(([key]) => !old.wants.has(key)).map(([, want]) => ({ ...want, dir }))
  return {
    file,
    format,
    reasons: [...(sameInOrder(old.rest, fresh.rest) ? [] : [reason('other-content')]), ...moved],
    wants: added,
  }
}

export function readLocks(
  { file, format }: Project['locks'][number],
  { row }: Project,
  { was, now }: ManifestTexts,
  context: DependencyContext,
): ComparedLock {
  const [before, after] = [was(file), now(file)]
  const none = (kind: DependencyReason['kind']): ComparedLock => ({
    file,
    format,
    view: null,
    now: null,
    reasons: [reason(kind)],
  })
  if (before === null || after === null) return none(before === null ? 'new-file' : 'removed-file')
  const old = attempt(() => format.read(plainText(before)))
  const fresh = attempt(() => format.read(plainText(after)))
  if (!old || !fresh) return none('unreadable')
  const start = startOf(row.ecosystem, old, format, context)
  return { file, format, view: compareLocks(old, fresh, start, format), now: fresh, reasons: [] }
}

/** Tools do not agree on which of these end a line, and so on where a comment ends. */
function plainText(text: string): string {
  if (/\r(?!\n)|[\0\v\f\u001c-\u001e\u0085\u2028\u2029]/.test(text))
    throw new TypeError('it has odd line ends')
  return text
}

/** Texts are the agent's: whatever a reader throws at them means that they cannot be read. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
