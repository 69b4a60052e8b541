import path from 'node:path'
import type { DependencyChange, DependencyContext, ManifestTexts } from './dependency-change.ts'
import { ECOSYSTEMS, type EcosystemRow } from './ecosystems.ts'
import { judgeProject } from './judge-project.ts'
import type { Project } from './read-project.ts'

/**
 * Which changes of manifests and lock files only add packages from the registry that the start used, and which are definition.
 * `changed` are the paths that differ; those that no ecosystem here knows get no answer. Pure, total.
 */
export function dependencyChanges(
  changed: readonly string[],
  texts: ManifestTexts,
  context: DependencyContext,
): readonly DependencyChange[] {
  const held: ManifestTexts = { was: once(texts.was), now: once(texts.now) }
  return ECOSYSTEMS.flatMap((row) => projectsOf(row, changed, held)).flatMap((project) =>
    judgeProject(project, held, context),
  )
}

function projectsOf(row: EcosystemRow, changed: readonly string[], texts: ManifestTexts): Project[] {
  const manifests = new Map<string, Project['manifests'][number][]>()
  const alone: Project[] = []
  for (const file of changed) {
    const format = row.manifests.find(({ name }) => name.test(file))?.format
    const isLock = Object.hasOwn(row.locks, path.posix.basename(file))
    if (format === undefined && !isLock) continue
    const own = path.posix.dirname(file)
    if (format?.lock) {
      alone.push({ row, dir: own, manifests: [{ file, format }], locks: [{ file, format: format.lock }] })
      continue
    }
    const dir = lockDirectory(row, own, texts)
    const beside = manifests.get(dir) ?? []
    manifests.set(dir, format === undefined ? beside : [...beside, { file, format }])
  }
  const together = [...manifests].map(([dir, found]): Project => {
    const locks = Object.entries(row.locks).flatMap(([name, format]) => {
      const file = path.posix.join(dir, name)
      return texts.was(file) === null && texts.now(file) === null ? [] : [{ file, format }]
    })
    return { row, dir, manifests: found, locks }
  })
  return [...together, ...alone]
}

/** The nearest directory with a lock file, from here upwards; this one if there is none. */
function lockDirectory({ locks }: EcosystemRow, from: string, texts: ManifestTexts): string {
  for (let dir = from; ; dir = path.posix.dirname(dir)) {
    const has = Object.keys(locks).some((name) => {
      const file = path.posix.join(dir, name)
      return texts.was(file) !== null || texts.now(file) !== null
    })
    if (has) return dir
    if (dir === '.' || dir === '/') return from
  }
}

function once(read: (file: string) => string | null): (file: string) => string | null {
  const found = new Map<string, string | null>()
  return (file) => {
    const known = found.get(file)
    if (known !== undefined || found.has(file)) return known ?? null
    const text = read(file)
    found.set(file, text)
    return text
  }
}
