import type {
  Brings,
  InstalledPackage,
  DependencyChange,
  DependencyContext,
} from '../../../src/workspace/dependencies/dependency-change.ts'
import { dependencyChanges } from '../../../src/workspace/dependencies/dependency-changes.ts'

export type Texts = Readonly<Record<string, string>>

export const PROGRAMS: ReadonlySet<string> = new Set([
  'mocha',
  'tsc',
  'npm',
  'node',
  'pytest',
  'cargo',
  'go',
  'rspec',
])

/** All files that differ, judged. */
export function changes(
  was: Texts,
  now: Texts,
  context: Partial<DependencyContext> = {},
): readonly DependencyChange[] {
  const changed = [...new Set([...Object.keys(was), ...Object.keys(now)])].filter(
    (file) => was[file] !== now[file],
  )
  const texts = { was: (file: string) => was[file] ?? null, now: (file: string) => now[file] ?? null }
  return dependencyChanges(changed, texts, { gatePrograms: PROGRAMS, ...context })
}

/** `file: free name@version …` or `file: definition kind(package) …`, one line each; `+free` where there is a merged text. */
export function said(all: readonly DependencyChange[]): string[] {
  return all.map((change) =>
    change.kind === 'free'
      ? `${change.file}: free${change.added.map(({ name, version }) => ` ${name}@${version}`).join('')}`
      : `${change.file}: definition${change.withFree === null ? '' : ' +free'}${change.reasons
          .map((one) => ` ${one.kind}${one.package === null ? '' : `(${one.package})`}`)
          .join('')}`,
  )
}

/** What was merged, by file; the start's text where nothing was. */
export function secondLook(was: Texts, now: Texts, context: Partial<DependencyContext> = {}): Texts {
  const back = changes(was, now, context).flatMap((one): [string, string | undefined][] =>
    one.kind === 'free' ? [] : [[one.file, one.withFree ?? was[one.file]]],
  )
  const all = { ...now, ...Object.fromEntries(back) }
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** Packages of which everything is known, and that bring nothing. */
export function bringsNothing(needs: Readonly<Record<string, readonly string[]>> = {}): InstalledPackage {
  return (_ecosystem, { name }): Brings => ({ programs: [], loadsItself: false, needs: needs[name] ?? [] })
}
