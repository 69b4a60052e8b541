import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { readBlobs } from '../../evidence/git/blobs.ts'
import { openStart } from '../../evidence/git/start.ts'
import type { Baseline, EvidenceOptions, GitBaseline } from '../../evidence/types.ts'

/** A file as it was at the start: content, or the text of a link. */
export interface StartFile {
  readonly kind: 'f' | 'x' | 'l'
  readonly bytes: Buffer
}

/** Files as they were at the start; null: nothing was there. Relative to the root. */
export type StartFiles = ReadonlyMap<string, StartFile | null>

const MOST_BYTES = 256 << 20

export interface StartAsked {
  readonly root: string
  readonly baselines: readonly Baseline[]
  /** What was kept of files that differed from the list of the start already. */
  readonly kept: StartFiles
}

/**
 * What these files held at the start: by the names of our own list, from the repository's store as far as a blob is what its
 * name says. Codes: start-content (its content is nowhere any more), those of git.
 */
export async function startContent(
  { root, baselines, kept }: StartAsked,
  files: readonly string[],
  options: EvidenceOptions,
): Promise<Result<StartFiles>> {
  const found = new Map<string, StartFile | null>()
  const then = new Map(
    baselines.flatMap(({ entries }) => entries.map(([file, kind]) => [file, kind] as const)),
  )
  const tracked: string[] = []
  for (const file of files) {
    const kind = then.get(file)
    const copy = kept.get(file)
    if (copy !== undefined) found.set(file, copy)
    else if (kind === '-') found.set(file, null)
    else if (kind !== undefined) return gone(file)
    else tracked.push(file)
  }
  const base = baselines.findLast((one): one is GitBaseline => one.kind === 'git')
  if (base === undefined) for (const file of tracked) found.set(file, null)
  if (base === undefined || tracked.length === 0) return ok(found)
  const opened = openStart(root, [base], options)
  if (!opened.ok) return opened
  const { start, shadow } = opened.value
  const { repo, held } = start
  const nameOf = (file: string): string => path.posix.join(repo.prefix, file)
  const sides = await held.sides(tracked.map(nameOf))
  if (!sides.ok) return sides
  const blobs = tracked.map((file) => ({ file, blob: sides.value.get(nameOf(file)) ?? null }))
  const present = blobs.flatMap(({ file, blob }) => (blob ? [{ file, blob }] : []))
  for (const { file, blob } of blobs) if (blob === null) found.set(file, null)
  const bytes = await readBlobs(
    repo,
    shadow,
    present.map(({ blob }) => blob.oid),
    MOST_BYTES,
  )
  if (!bytes.ok) return bytes
  for (const [at, { file, blob }] of present.entries()) {
    const content = bytes.value[at]
    if (!content || (blob.kind !== 'f' && blob.kind !== 'x' && blob.kind !== 'l')) return gone(file)
    found.set(file, { kind: blob.kind, bytes: content })
  }
  return ok(found)
}

function gone(file: string): Result<never> {
  return fail('start-content', `what ${file} held at the start is not kept anywhere any more`)
}
