import { createHash } from 'node:crypto'
import { type Sha256, canonicalJson, sha256 } from '../../base/hash.ts'
import { readFileSafe } from '../../base/read-file.ts'
import { type Result, ok } from '../../base/result.ts'
import { scopeKey } from '../../contract/scope.ts'
import { structuredFormat } from '../../contract/structured-files.ts'
import { loadBaselines } from '../../evidence/baseline-file.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { MOST_TEXT, startTexts, textOf } from '../../evidence/start-texts.ts'
import type { Baseline, EvidenceOptions } from '../../evidence/types.ts'
import { loadFormats } from '../load-formats.ts'
import type { WorkspaceLook } from '../look.ts'
import {
  type CompareParts,
  type OutOfScope,
  type ScopeChange,
  type Scopes,
  outOfScope,
  partlyOpen,
} from './out-of-scope.ts'

/** What a look found outside of a scope. */
export interface ScopeFact {
  /** What a person names in `amend <digest>` to accept exactly this. */
  readonly digest: Sha256
  readonly out: readonly OutOfScope[]
  /** Further ones that are not listed, so that nobody can accept them unseen. */
  readonly more: number
}

export interface ScopeGround {
  readonly runId: string
  readonly root: string
  readonly scopes: Scopes
  readonly baselines: readonly Sha256[]
  readonly baselineDir: string
  /** What a person accepted: `scopeKey` → state. */
  readonly accepted: Readonly<Record<string, string>>
  /** What must be named to the letter. */
  readonly isDefinition: (path: string) => boolean
}

/** More are counted. */
const MOST_LISTED = 500

/**
 * What differs from the start outside of the scope, but for what a person accepted; null when nothing does. Codes: those of the
 * baseline and of git.
 */
export async function lookAtScope(
  ground: ScopeGround,
  look: WorkspaceLook,
  options: EvidenceOptions,
): Promise<Result<ScopeFact | null>> {
  const { scopes, accepted } = ground
  if (scopes.length === 0) return ok(null)
  const changes = changesOf(look)
  const compare = await comparing(ground, changes, options)
  if (!compare.ok) return compare
  const out = outOfScope(scopes, changes, compare.value, ground.isDefinition).filter(
    (one) => !Object.hasOwn(accepted, scopeKey(one)) || accepted[scopeKey(one)] !== one.state,
  )
  if (out.length === 0) return ok(null)
  const states = out.map((one) => [scopeKey(one), one.state])
  return ok({
    digest: sha256(canonicalJson(['scope', ground.runId, states])),
    out: out.slice(0, MOST_LISTED),
    more: Math.max(0, out.length - MOST_LISTED),
  })
}

/** Without what git ignores. What a new ignore rule hides is a matter of evidence. */
function changesOf({ comparison }: WorkspaceLook): ScopeChange[] {
  return comparison.changes.flatMap(({ path, kind, hidden }) =>
    hidden || comparison.onlyNamed.has(path)
      ? []
      : [{ path, kind, state: comparison.state.get(path) ?? '-' }],
  )
}

/** Parsers and texts are read only where a file is open in part. */
async function comparing(
  { root, scopes, baselines, baselineDir }: ScopeGround,
  changes: readonly ScopeChange[],
  options: EvidenceOptions,
): Promise<Result<CompareParts>> {
  const paths = partlyOpen(scopes, changes)
  if (paths.length === 0) return ok(() => ({ ok: false, why: 'nobody asked for its parts' }))
  const loaded = loadBaselines(baselineDir, baselines)
  if (!loaded.ok) return loaded
  const texts = await startTexts(root, loaded.value, paths, options)
  if (!texts.ok) return texts
  const { compareParts } = await loadFormats()
  const states = new Map(changes.map((change) => [change.path, change.state]))
  return ok((path, open) => {
    const format = structuredFormat(path)
    const was = texts.value.get(path)
    const now = textNow(root, path, states.get(path) ?? '-', loaded.value)
    if (format === null || was === undefined)
      return { ok: false, why: 'its text at the start is not on record' }
    return now === null
      ? { ok: false, why: 'it was changed while it was looked at, or it is no text of at most 4 MB' }
      : compareParts(format, was, now, open)
  })
}

/** Null where it is not what the comparison saw: that one is judged, and no other. */
function textNow(root: string, path: string, state: string, baselines: readonly Baseline[]): string | null {
  const bytes = readFileSafe(fsPath(root, path) as string, { maxBytes: MOST_TEXT })
  if (!bytes.ok) return null
  const git = baselines.find((one) => one.kind === 'git')
  const hash = git
    ? createHash(git.format).update(`blob ${bytes.value.length}\0`).update(bytes.value).digest('hex')
    : createHash('sha256').update(bytes.value).digest().toString('hex', 0, 16)
  return state.split(' ')[1] === hash ? textOf(bytes.value) : null
}
