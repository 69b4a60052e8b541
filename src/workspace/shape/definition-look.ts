import { type Sha256, canonicalJson, sha256 } from '../../base/hash.ts'
import { type Result, ok } from '../../base/result.ts'
import { pinKind, pinnedBy } from '../../definition/pin-id.ts'
import type { Pin } from '../../definition/types.ts'
import { repoOf } from '../../evidence/baseline.ts'
import type { Baseline, Change, Comparison, EvidenceOptions, GitBaseline } from '../../evidence/types.ts'
import type { Repo } from '../../evidence/git/repo.ts'
import { heldAtStart } from '../room/room-work.ts'
import { onTheWay } from './on-the-way.ts'
import { type DefinitionDifference, isNamed, shapeOf } from './shape.ts'
import { type LinkedProgram, linkedPrograms } from './linked-programs.ts'
import { installedModules } from './load-paths.ts'
import { type Named, type StartShape, endingOf, hasSources, startShape } from './start-shape.ts'

export interface DefinitionLook {
  /** `greenfield`: the start held no source, so nothing tells work from definition but that the gates themselves name it. */
  readonly kind: 'shaped' | 'greenfield'
  readonly differences: readonly DefinitionDifference[]
}

export interface DefinitionAsked {
  readonly root: string
  readonly baselines: readonly Baseline[]
  readonly comparison: Pick<Comparison, 'changes' | 'state'>
  readonly pins: readonly Pin[]
  /** PATH of gates. */
  readonly gatePath: string
  /** Words of the gates, their programs among them. */
  readonly programs: ReadonlySet<string>
  /** Directories that `prepare` made. */
  readonly layers: readonly string[]
}

/** What of the workspace's differences gives the gates their meaning. Codes: those of git and of the list of the start. */
export async function lookAtShapes(
  { root, baselines, comparison, pins, programs, gatePath, layers }: DefinitionAsked,
  options: EvidenceOptions,
): Promise<Result<DefinitionLook>> {
  const linked = linkedPrograms(layers)
  const changes = comparison.changes.filter((one) => !isMadeByInstalling(one, comparison.state, linked))
  const { state } = comparison
  const repo = await repoOf(root, options)
  if (!repo.ok) return repo
  const isPart = repo.value !== null && repo.value.prefix !== ''
  if (changes.length === 0 && !isPart) return ok({ kind: 'shaped', differences: [] })
  const files = await filesAtStart(root, baselines, repo.value, options)
  if (!files.ok) return files
  const { inRoot, above } = files.value
  const endings = new Set(changes.map(({ path }) => endingOf(path)))
  const start = startShape(
    kindsOf(inRoot),
    { ...namedBy(pins), packages: packagesOf(linked, programs) },
    installedModules(endings, layers, gatePath),
    changes.map(({ path }) => path),
  )
  // As the commit has it, where the start had something else.
  const nowAt = (path: string): string => state.get(path) ?? inRoot.get(path)?.held ?? '-'
  if (!hasSources(start) && above.length === 0 && changes.length > 0) {
    const named = changes.filter(({ path }) => isNamed(start, path))
    const differences = named.map(({ path }) => ({
      path,
      because: 'named-by-gate' as const,
      now: nowAt(path),
    }))
    return ok({ kind: 'greenfield', differences })
  }
  const differences = changes.flatMap(({ path }): DefinitionDifference[] => {
    const now = nowAt(path)
    const shape = shapeOf(start, path, now.split(' ')[0]!)
    return shape.kind === 'free' ? [] : [{ path, because: shape.because, now }]
  })
  return ok({ kind: 'shaped', differences: [...above, ...differences] })
}

/** Installers let the programs of linked packages run: in the room, the same bit is set by `prepare`. */
function isMadeByInstalling(
  { path, kind }: Change,
  state: Comparison['state'],
  linked: readonly LinkedProgram[],
): boolean {
  return (
    kind === 'mode' && state.get(path)?.startsWith('x ') === true && linked.some(({ file }) => file === path)
  )
}

/** Whose programs the gates start. */
function packagesOf(linked: readonly LinkedProgram[], programs: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(linked.flatMap(({ name, packageDir }) => (programs.has(name) ? packageDir : [])))
}

/** Names exactly this difference, so that a person can accept it. */
export function differencesDigest(runId: string, differences: readonly DefinitionDifference[]): Sha256 {
  return sha256(canonicalJson([runId, differences.map(({ path, now }) => [path, now])]))
}

interface AtStart {
  /** In the list of the start; null: not there. */
  readonly held: string | null
  /** As the work began: with what differed from the list then. */
  readonly began: string
}

interface FilesAtStart {
  /** Relative to the root. */
  readonly inRoot: ReadonlyMap<string, AtStart>
  readonly above: readonly DefinitionDifference[]
}

async function filesAtStart(
  root: string,
  baselines: readonly Baseline[],
  repo: Repo | null,
  options: EvidenceOptions,
): Promise<Result<FilesAtStart>> {
  const base = baselines.findLast((one): one is GitBaseline => one.kind === 'git')
  const source = repo !== null && base !== undefined ? { repo, base } : null
  const held = await heldAtStart(root, baselines, source, options)
  if (!held.ok) return held
  const prefix = source?.repo.prefix ?? ''
  const files = new Map<string, AtStart>()
  for (const [name, was] of held.value)
    if (name.startsWith(prefix)) files.set(name.slice(prefix.length), { held: was, began: was })
  for (const { entries } of baselines)
    for (const [path, kind, hash] of entries)
      files.set(path, { held: files.get(path)?.held ?? null, began: `${kind} ${hash}` })
  return ok({ inRoot: files, above: source === null ? [] : onTheWay(source.repo, held.value) })
}

function kindsOf(files: ReadonlyMap<string, AtStart>): StartShape['files'] {
  const kinds = new Map<string, string>()
  for (const [file, { began }] of files) if (!began.startsWith('-')) kinds.set(file, began.slice(0, 1))
  return kinds
}

function namedBy(pins: readonly Pin[]): Named {
  const files = new Set<string>()
  const trees = new Set<string>()
  for (const { id, file } of pins) {
    if (pinKind(id) === 'tree') trees.add(pinnedBy(id))
    else if (pinKind(id) !== 'member' && file !== '') files.add(file)
  }
  return { files, trees }
}
