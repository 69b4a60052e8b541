import type { Brings, DependencyContext, Ecosystem } from './dependency-change.ts'
import type { Lock, LockFormat, Locked, ReasonKind } from './parts.ts'
import { isLoadedByName, isReached } from './reached-by-name.ts'

/** What an added package is held against: the lock file of the start. */
export interface LockAtStart {
  readonly ecosystem: Ecosystem
  readonly packages: ReadonlyMap<string, Locked>
  readonly programs: ReadonlySet<string>
  /** Names of those of which only one version can be installed. */
  readonly onlyOnce: ReadonlySet<string>
  /** Packages of gates' programs. */
  readonly tools: ReadonlySet<string>
  /** What packages of the start load if it is there. */
  readonly welcome: ReadonlySet<string>
  /** Registries by scope, '' for names without one. */
  readonly registries: ReadonlyMap<string, ReadonlySet<string>>
  readonly context: DependencyContext
}

export function startOf(
  ecosystem: Ecosystem,
  lock: Lock,
  format: LockFormat,
  context: DependencyContext,
): LockAtStart {
  const { gatePrograms } = context
  const registries = new Map<string, Set<string>>()
  const all = [...lock.packages.values()]
  for (const { name, registry } of all)
    if (registry !== null)
      registries.set(scopeOf(name), (registries.get(scopeOf(name)) ?? new Set()).add(registry))
  if (registries.size === 0) {
    const named = ecosystem === 'node' && context.npmRegistry ? [context.npmRegistry] : []
    registries.set('', new Set([...format.registries, ...named]))
  }
  const isTool = ({ name, programs }: Locked): boolean =>
    gatePrograms.has(name) || programs?.some((program) => gatePrograms.has(program)) === true
  return {
    ecosystem,
    packages: lock.packages,
    programs: new Set(all.flatMap(({ programs }) => programs ?? [])),
    onlyOnce: new Set(all.flatMap(({ name, only }) => (only === true ? [name] : []))),
    tools: new Set(all.filter(isTool).map(({ name }) => name)),
    welcome: new Set(all.flatMap(({ welcomes }) => welcomes)),
    registries,
    context,
  }
}

export function bringsOf({ ecosystem, context }: LockAtStart, locked: Locked): Brings | null {
  return context.installed?.(ecosystem, { name: locked.name, version: locked.version }) ?? null
}

/** Why a package that the lock file has besides is more than an addition; null for one that is just that. */
export function packageFault(start: LockAtStart, locked: Locked, now: Lock): ReasonKind | null {
  if (locked.alias) return 'alias'
  if (locked.registry === null) return 'not-from-a-registry'
  if (!usedBy(start, locked.name).has(locked.registry)) return 'other-registry'
  if (!locked.sealed) return 'no-integrity'
  if (locked.only === true && start.onlyOnce.has(locked.name)) return 'moved'
  if (shadows(start, locked, now)) return 'shadows'
  if (start.welcome.has(locked.name)) return 'wanted-by-start'
  return whatItBrings(start, locked)
}

function whatItBrings(start: LockAtStart, locked: Locked): ReasonKind | null {
  const { ecosystem, context, tools } = start
  if (locked.installScript === true) return 'install-script'
  if (locked.loadsItself === true || isLoadedByName(ecosystem, locked.name)) return 'plug-in'
  if (locked.hosts.some((host) => tools.has(host) || context.gatePrograms.has(host))) return 'plug-in'
  const unsaid = [locked.programs, locked.installScript, locked.loadsItself, locked.needs].includes(null)
  const brings = unsaid ? bringsOf(start, locked) : null
  if (unsaid && brings === null) return 'cannot-tell'
  if (brings?.loadsItself === true) return 'plug-in'
  const programs = [...(locked.programs ?? []), ...(brings?.programs ?? [])]
  const taken = programs.some((one) => start.programs.has(one) || isReached(one, context.gatePrograms))
  return taken ? 'program' : null
}

/** A scope that is new to the project may come from where packages without scope do. */
function usedBy({ registries }: LockAtStart, name: string): ReadonlySet<string> {
  return (
    registries.get(scopeOf(name)) ??
    registries.get('') ??
    new Set([...registries.values()].flatMap((one) => [...one]))
  )
}

function scopeOf(name: string): string {
  return /^(@[^/]+)\//.exec(name)?.[1] ?? ''
}

/**
 * One that lies inside a package of the start is found by that package in place of what it found. So is one inside a member
 * of the workspace, unless there was none of that name above it.
 */
function shadows({ packages }: LockAtStart, { inside, name }: Locked, now: Lock): boolean {
  if (inside === null || (now.packages.has(inside) && !packages.has(inside))) return false
  if (now.asks?.has(inside) !== true) return true
  return [...packages.values()].some((one) => one.name === name)
}
