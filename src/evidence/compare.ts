import { sha256 } from '../base/hash.ts'
import { type Result, fail, ok } from '../base/result.ts'
import type { Differing } from './difference.ts'
import { compareGit } from './git/compare.ts'
import { comparePlain } from './plain-baseline.ts'
import { inOtherForm } from './name-form.ts'
import { inModules } from './recorded.ts'
import type {
  Baseline,
  Change,
  Comparison,
  EvidenceOptions,
  GitBaseline,
  NamedPath,
  PlainBaseline,
} from './types.ts'

/**
 * The workspace against baselines: a path is changed only when it differs from every one of them. The last baseline decides
 * what is ignored. `named` should be all paths of the contract's evidence.
 * Errors: as captureBaseline, and `git-gone`, `no-baseline`.
 */
export async function compareWith(
  root: string,
  baselines: readonly Baseline[],
  named: readonly NamedPath[],
  options: EvidenceOptions,
): Promise<Result<Comparison>> {
  const git = baselines.filter((one): one is GitBaseline => one.kind === 'git')
  const plain = baselines.filter((one): one is PlainBaseline => one.kind === 'plain')
  if (baselines.length === 0) return fail('no-baseline', 'there is no baseline to compare with')
  const byGit = git.length ? await compareGit(root, git, named, options) : null
  if (byGit && !byGit.ok) return byGit
  const byPlain = plain.length ? comparePlain(root, plain, named) : null
  const differing = [...(byGit?.value.perBaseline ?? []), ...(byPlain?.perBaseline ?? [])]
  const state = (byGit?.value ?? byPlain)!.state
  const changes = inAll(differing, byGit?.value.hidden)
  return ok({
    changes,
    renamed: renamedIn(changes, state, [...(byGit?.value.gone ?? []), ...(byPlain?.gone ?? [])]),
    state,
    onlyNamed: byGit?.value.onlyNamed ?? new Set([...state.keys()].filter(inModules)),
    // Lists of texts only, so this is canonical.
    fingerprint: sha256(JSON.stringify([git[0]?.commit ?? null, ...state])),
    unknown: [...new Set([...(byGit?.value.unknown ?? []), ...(byPlain?.unknown ?? [])])].sort(),
  })
}

/** In all baselines; the kind is that of the first. */
function inAll(differing: readonly Differing[], hidden: ReadonlySet<string> = new Set()): Change[] {
  const [first, ...others] = differing
  const changes: Change[] = []
  for (const [path, kind] of first ?? [])
    if (others.every((other) => other.has(path)))
      changes.push(hidden.has(path) ? { path, kind, hidden: true } : { path, kind })
  return changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

/**
 * A file of the start that lies there under the other form of its name, as a system that was given it would have it. Only where one
 * name is gone and one is new: two names that are both there are two files. Every baseline must have held what is there now.
 */
function renamedIn(
  changes: readonly Change[],
  state: ReadonlyMap<string, string>,
  gone: readonly ReadonlyMap<string, string>[],
): ReadonlyMap<string, string> {
  if (!gone.some((one) => one.size > 0)) return new Map()
  const kinds = new Map(changes.map((change) => [change.path, change.kind]))
  const pairs = new Map<string, string>()
  for (const [path, kind] of kinds) {
    if (kind !== 'removed') continue
    const to = inOtherForm(path, (one) => kinds.get(one) === 'added')
    const isOne = to !== null && inOtherForm(to, (one) => kinds.get(one) === 'removed') === path
    if (isOne && gone.every((one) => one.get(path) === state.get(to))) pairs.set(path, to)
  }
  return pairs
}
