import type {
  DependencyChange,
  DependencyContext,
  DependencyReason,
  ManifestTexts,
} from './dependency-change.ts'
import type { PlacedWant } from './compare-locks.ts'
import {
  type ComparedLock,
  type Project,
  type ReadManifest,
  attempt,
  readLocks,
  readManifest,
  reason,
} from './read-project.ts'

const some = <T>(value: T | null): readonly T[] => (value === null ? [] : [value])

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
  const answers = new Map<string, DependencyChange>()
  for (const change of [...fromManifests, ...fromLocks]) {
    const other = answers.get(change.file)
    // A file that is its own lock file is free only if it is so as both.
    const isFirst = other === undefined || (other.kind === 'free' && change.kind === 'definition')
    if (isFirst && texts.was(change.file) !== texts.now(change.file)) answers.set(change.file, change)
  }
  return [...answers.values()]
}

/** Without a lock file nobody knows what a name comes to. */
function against(want: PlacedWant, locks: readonly ComparedLock[]): DependencyReason | null {
  if (want.fault !== null) return reason(want.fault, want.name)
  if (locks.length === 0) return reason('not-in-lock', want.name)
  for (const { view } of locks) {
    const found = view === null ? reason('with-its-pair', want.name) : view.against(want)
    if (found !== null) return found
  }
  return null
}

function answerManifest(
  { file, format, reasons, wants }: ReadManifest,
  granted: readonly PlacedWant[],
  refused: ReadonlyMap<PlacedWant, DependencyReason>,
  locks: readonly ComparedLock[],
  texts: ManifestTexts,
): DependencyChange {
  const all = [...reasons, ...wants.flatMap((want) => some(refused.get(want) ?? null))]
  const own = wants.filter((want) => granted.includes(want))
  const added = own.map((want) => ({ name: want.name, version: versionOf(want, locks) }))
  if (all.length === 0) return { file, kind: 'free', added }
  const [before, after] = [texts.was(file), texts.now(file)]
  const may = own.length > 0 && before !== null && after !== null
  return {
    file,
    kind: 'definition',
    reasons: once(all),
    withFree: may ? (attempt(() => format.merge?.(before, after, own) ?? null) ?? null) : null,
  }
}

function answerLock(
  { file, format, view, reasons: first, now: lock }: ComparedLock,
  granted: readonly PlacedWant[],
  refused: readonly DependencyReason[],
  { was, now }: ManifestTexts,
): DependencyChange[] {
  const [before, after] = [was(file), now(file)]
  if (view === null || before === null || after === null)
    return [{ file, kind: 'definition', reasons: first, withFree: null }]
  const { reasons, additions } = view.beyond(granted)
  const packages = [...additions.keys].flatMap((key) => lock?.packages.get(key) ?? [])
  const named = new Map(packages.map(({ name, version }) => [`${name}@${version}`, { name, version }]))
  const added = [...named.values()]
  if (reasons.length === 0) return [{ file, kind: 'free', added }]
  const merge = (): string | null => format.merge?.(before, after, additions) ?? null
  return [
    {
      file,
      kind: 'definition',
      reasons: once([...refused, ...reasons]),
      withFree: granted.length > 0 ? (attempt(merge) ?? null) : null,
    },
  ]
}

function versionOf(want: PlacedWant, locks: readonly ComparedLock[]): string {
  for (const { now } of locks) {
    const key = now?.find(want.dir, want)
    const found = key === undefined ? undefined : now?.packages.get(key)
    if (found) return found.version
  }
  return ''
}

function once(reasons: readonly DependencyReason[]): DependencyReason[] {
  return [...new Map(reasons.map((one) => [JSON.stringify(one), one])).values()]
}
