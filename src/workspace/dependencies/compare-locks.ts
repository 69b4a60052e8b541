import type { DependencyReason } from './dependency-change.ts'
import { type LockAtStart, bringsOf, packageFault } from './package-fault.ts'
import { type Additions, type Lock, type LockFormat, type Want, wantKey } from './parts.ts'
import { same } from './same.ts'

export type PlacedWant = Want & { readonly dir: string }

/** What the lock file says of wants that a manifest has besides. */
export interface LockView {
  /** Why a want cannot be granted; null for one that can. */
  readonly against: (want: PlacedWant) => DependencyReason | null
  /** What in the lock file is more than these wants call for; and what they add to it. */
  readonly beyond: (granted: readonly PlacedWant[]) => {
    readonly reasons: readonly DependencyReason[]
    readonly additions: Additions
  }
}

const about = (kind: DependencyReason['kind'], name: string | null): DependencyReason => ({
  kind,
  package: name,
})

export function compareLocks(was: Lock, now: Lock, start: LockAtStart, format: LockFormat): LockView {
  const reachedFrom = (want: PlacedWant): ReadonlySet<string> => {
    const reached = new Set<string>()
    const open = [now.find(want.dir, want)]
    while (open.length > 0) {
      const key = open.pop()
      const found = key === undefined ? undefined : now.packages.get(key)
      if (key === undefined || found === undefined || reached.has(key)) continue
      reached.add(key)
      open.push(...(found.needs ?? byName(now, bringsOf(start, found)?.needs ?? [])))
    }
    return reached
  }
  const against = (want: PlacedWant): DependencyReason | null => {
    const key = now.find(want.dir, want)
    const asked =
      now.asks === null || same(now.asks.get(want.dir)?.get(wantKey(want.group, want.name)), want.spec)
    if (key === undefined || !asked || !now.packages.has(key)) return about('not-in-lock', want.name)
    for (const one of reachedFrom(want)) {
      const locked = now.packages.get(one)
      const fault = was.packages.has(one) || !locked ? null : packageFault(start, locked, now)
      if (fault !== null) return about(fault, locked?.name ?? null)
      const missing = locked?.needs === null ? unlisted(now, bringsOf(start, locked)?.needs ?? []) : undefined
      if (missing !== undefined) return about('not-in-lock', missing)
    }
    return null
  }
  const beyond: LockView['beyond'] = (granted) => {
    const reached = new Set(granted.flatMap((want) => [...reachedFrom(want)]))
    const asked = new Set(granted.map(({ dir, group, name }) => `${dir}\0${wantKey(group, name)}`))
    const fresh = [...now.packages].filter(([key]) => !was.packages.has(key))
    const ways = [...now.ways].filter(([way]) => !was.ways.has(way))
    const reasons = [
      ...kept(was, now, reached, format),
      ...fresh.flatMap(([key, { name }]) => (reached.has(key) ? [] : [about('not-in-manifest', name)])),
      ...ways.flatMap(([, key]) => (reached.has(key) ? [] : [about('not-in-manifest', nameAt(now, key))])),
      ...asksBeyond(was, now, asked),
    ]
    const keys = new Set(fresh.flatMap(([key]) => (reached.has(key) ? [key] : [])))
    const granting = new Set(ways.flatMap(([way, key]) => (reached.has(key) ? [way] : [])))
    return { reasons, additions: { wants: granted, keys, ways: granting } }
  }
  return { against, beyond }
}

function nameAt(lock: Lock, key: string): string | null {
  return lock.packages.get(key)?.name ?? null
}

/** What was there stays as it was. */
function kept(was: Lock, now: Lock, reached: ReadonlySet<string>, format: LockFormat): DependencyReason[] {
  const reasons = same(was.rest, now.rest) ? [] : [about('other-content', null)]
  for (const [key, before] of was.packages) {
    const after = now.packages.get(key)
    const weaker =
      after?.reach === before.reach ||
      (after !== undefined && reached.has(key) && format.weaker(before.reach, after.reach))
    if (!after || !weaker || !same(before.fixed, after.fixed)) reasons.push(about('moved', before.name))
  }
  for (const [way, key] of was.ways)
    if (now.ways.get(way) !== key) reasons.push(about('moved', nameAt(was, key)))
  return reasons
}

/** What the lock file says that manifests ask for: as at the start, and what was granted. */
function asksBeyond(was: Lock, now: Lock, asked: ReadonlySet<string>): DependencyReason[] {
  if (was.asks === null || now.asks === null) return []
  const reasons: DependencyReason[] = []
  const name = (key: string): string | null => key.split('\0')[1] ?? null
  for (const [dir, before] of was.asks)
    for (const [key, spec] of before)
      if (!same(now.asks.get(dir)?.get(key), spec)) reasons.push(about('moved', name(key)))
  for (const [dir, after] of now.asks) {
    if (!was.asks.has(dir)) reasons.push(about('other-content', null))
    for (const key of after.keys())
      if (was.asks.get(dir)?.has(key) !== true && !asked.has(`${dir}\0${key}`))
        reasons.push(about('not-in-manifest', name(key)))
  }
  return reasons
}

/** Where the format does not say what is needed, all of it has to be in the file: else it would be whatever fits. */
function unlisted({ packages }: Lock, names: readonly string[]): string | undefined {
  const listed = new Set([...packages.values()].map(({ name }) => name))
  return names.find((name) => !listed.has(name))
}

function byName({ packages }: Lock, names: readonly string[]): string[] {
  return names.flatMap((name) =>
    [...packages].flatMap(([key, locked]) => (locked.name === name ? [key] : [])),
  )
}
