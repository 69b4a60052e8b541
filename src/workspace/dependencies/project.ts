import path from 'node:path'
import type {
  DependencyChange,
  DependencyContext,
  DependencyReason,
  ManifestTexts,
} from './dependency-change.ts'
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

interface Read {
  readonly file: string
  readonly format: ManifestFormat
  readonly reasons: readonly DependencyReason[]
  readonly wants: readonly PlacedWant[]
}

interface Compared {
  readonly file: string
  readonly format: LockFormat
  /** Null where it cannot be compared; `reasons` says why. */
  readonly view: LockView | null
  readonly now: Lock | null
  readonly reasons: readonly DependencyReason[]
}

const reason = (kind: DependencyReason['kind'], name: string | null = null): DependencyReason => ({
  kind,
  package: name,
})
const one = <T>(value: T | null): readonly T[] => (value === null ? [] : [value])

/**
 * Pure. One answer for each file of the project whose text differs. What is given out as free is free beside the start's texts of
 * all files that are definition: else an addition would stand in one file of a pair alone.
 */
export function judgeProject(
  project: Project,
  texts: ManifestTexts,
  context: DependencyContext,
): DependencyChange[] {
  const changes = judged(project, texts, context)
  const back = new Map(
    changes.flatMap((change): [string, string | null][] =>
      change.kind === 'free' ? [] : [[change.file, change.withFree ?? texts.was(change.file)]],
    ),
  )
  if (back.size === 0) return changes
  const now = (file: string): string | null => (back.has(file) ? (back.get(file) ?? null) : texts.now(file))
  const again = judged(project, { was: texts.was, now }, context)
  return again.every(({ kind }) => kind === 'free') ? changes : changes.map(asAtStart)
}

function asAtStart(change: DependencyChange): DependencyChange {
  if (change.kind === 'definition') return { ...change, withFree: null }
  return change.added.length === 0
    ? change
    : { file: change.file, kind: 'definition', reasons: [reason('with-its-pair')], withFree: null }
}

function judged(project: Project, texts: ManifestTexts, context: DependencyContext): DependencyChange[] {
  const manifests = project.manifests.map((manifest) => readManifest(manifest, project.dir, texts))
  const locks = project.locks.map((lock) => readLocks(lock, project, texts, context))
  const refused = new Map<PlacedWant, DependencyReason>()
  for (const want of manifests.flatMap(({ wants }) => wants)) {
    const found = against(want, locks)
    if (found !== null) refused.set(want, found)
  }
  const granted = manifests.flatMap(({ wants }) => wants.filter((want) => !refused.has(want)))
  const fromManifests = manifests.map((manifest) => answerManifest(manifest, granted, refused, locks, texts))
  const fromLocks = locks.flatMap((lock) => answerLock(lock, granted, [...refused.values()], texts))
  return [...fromManifests, ...fromLocks].filter(({ file }) => texts.was(file) !== texts.now(file))
}

function readManifest(
  { file, format }: Project['manifests'][number],
  lockDir: string,
  { was, now }: ManifestTexts,
): Read {
  const [before, after] = [was(file), now(file)]
  const none = (kind: DependencyReason['kind']): Read => ({
    file,
    format,
    reasons: [reason(kind)],
    wants: [],
  })
  if (before === null || after === null) return none(before === null ? 'new-file' : 'removed-file')
  const old = attempt(() => format.read(before))
  const fresh = attempt(() => format.read(after))
  if (!old || !fresh) return none('unreadable')
  const dir = path.posix.relative(lockDir, path.posix.dirname(file)) || '.'
  const moved = [...old.wants].flatMap(([key, { name, spec }]) => {
    const still = fresh.wants.get(key)
    return still && sameInOrder(still.spec, spec) ? [] : [reason('moved', name)]
  })
  const names = new Set([...old.wants.values()].map(({ group, name }) => `${group}\0${name}`))
  const added = [...fresh.wants].filter(([key]) => !old.wants.has(key)).map(([, want]) => ({ ...want, dir }))
  // A second line about a package that was asked for narrows the first.
  const narrowed = added.filter(({ group, name }) => names.has(`${group}\0${name}`))
  return {
    file,
    format,
    reasons: [
      ...(sameInOrder(old.rest, fresh.rest) ? [] : [reason('other-content')]),
      ...moved,
      ...narrowed.map(({ name }) => reason('moved', name)),
    ],
    wants: added.filter((want) => !narrowed.includes(want)),
  }
}

function readLocks(
  { file, format }: Project['locks'][number],
  { row }: Project,
  { was, now }: ManifestTexts,
  context: DependencyContext,
): Compared {
  const [before, after] = [was(file), now(file)]
  const none = (kind: DependencyReason['kind']): Compared => ({
    file,
    format,
    view: null,
    now: null,
    reasons: [reason(kind)],
  })
  if (before === null || after === null) return none(before === null ? 'new-file' : 'removed-file')
  const old = attempt(() => format.read(before))
  const fresh = attempt(() => format.read(after))
  if (!old || !fresh) return none('unreadable')
  const start = startOf(row.ecosystem, old, format, context)
  return { file, format, view: compareLocks(old, fresh, start, format), now: fresh, reasons: [] }
}

/** Without a lock file nobody knows what a name comes to. */
function against(want: PlacedWant, locks: readonly Compared[]): DependencyReason | null {
  if (want.fault !== null) return reason(want.fault, want.name)
  if (locks.length === 0) return reason('not-in-lock', want.name)
  for (const { view } of locks) {
    const found = view === null ? reason('with-its-pair', want.name) : view.against(want)
    if (found !== null) return found
  }
  return null
}

function answerManifest(
  { file, format, reasons, wants }: Read,
  granted: readonly PlacedWant[],
  refused: ReadonlyMap<PlacedWant, DependencyReason>,
  locks: readonly Compared[],
  texts: ManifestTexts,
): DependencyChange {
  const all = [...reasons, ...wants.flatMap((want) => one(refused.get(want) ?? null))]
  const own = wants.filter((want) => granted.includes(want))
  const added = own.map((want) => ({ name: want.name, version: versionOf(want, locks) }))
  if (all.length === 0) return { file, kind: 'free', added }
  const [before, after] = [texts.was(file), texts.now(file)]
  const may = own.length > 0 && before !== null && after !== null
  return {
    file,
    kind: 'definition',
    reasons: all,
    withFree: may ? (attempt(() => format.merge?.(before, after, own) ?? null) ?? null) : null,
  }
}

function answerLock(
  { file, format, view, reasons: first, now: lock }: Compared,
  granted: readonly PlacedWant[],
  refused: readonly DependencyReason[],
  { was, now }: ManifestTexts,
): DependencyChange[] {
  const [before, after] = [was(file), now(file)]
  if (view === null || before === null || after === null)
    return [{ file, kind: 'definition', reasons: first, withFree: null }]
  const { reasons, additions } = view.beyond(granted)
  const added = [...additions.keys].flatMap((key) => {
    const found = lock?.packages.get(key)
    return found ? [{ name: found.name, version: found.version }] : []
  })
  if (reasons.length === 0) return [{ file, kind: 'free', added }]
  const merge = (): string | null => format.merge?.(before, after, additions) ?? null
  return [
    {
      file,
      kind: 'definition',
      reasons: [...refused, ...reasons],
      withFree: granted.length > 0 ? (attempt(merge) ?? null) : null,
    },
  ]
}

function versionOf(want: PlacedWant, locks: readonly Compared[]): string {
  for (const { now } of locks) {
    const key = now?.find(want.dir, want)
    const found = key === undefined ? undefined : now?.packages.get(key)
    if (found) return found.version
  }
  return ''
}

/** Texts are the agent's: whatever a reader throws at them means that they cannot be read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
