import { readFileSafe } from '../base/read-file.ts'
import type { Evidence } from '../contract/types.ts'
import { EntryReader } from './entry.ts'
import { readBlobs } from './git/blobs.ts'
import { localName } from './git/scan.ts'
import { openStart } from './git/start.ts'
import { compileSpelled, plainPath } from './glob.ts'
import type { Count, Start } from './kinds/check.ts'
import { MOST_BYTES } from './kinds/file-matches.ts'
import { checkOf } from './kinds/index.ts'
import { filesMatching, spelledAt } from './kinds/matches.ts'
import { fsPath } from './path-text.ts'
import { recordedIn } from './recorded.ts'
import type { Baseline, EntryLine, EvidenceOptions } from './types.ts'
import { walkFiles } from './walk.ts'

/** Whether this evidence would have failed at the baseline: whether meeting it takes work. Of a command that is unknown: false. */
export async function unmetAtBaseline(
  root: string,
  baseline: Baseline,
  evidence: Evidence,
  options: EvidenceOptions,
): Promise<boolean> {
  if (evidence.kind === 'commandRef') return false
  return checkOf(evidence.kind).unmetAt(startOf(root, baseline, options), evidence)
}

/** What a baseline knows of the start; its list is read once. */
export function startOf(root: string, baseline: Baseline, options: EvidenceOptions): Start {
  let held: ReturnType<typeof heldNames> | undefined
  return {
    count: (wanted) => countAt(root, baseline, wanted, () => (held ??= heldNames(root, baseline, options))),
    content: (path) => contentAt(root, baseline, path, options),
  }
}

/** The names that the start tracked, relative to the root; null when they cannot be known. */
async function heldNames(
  root: string,
  baseline: Baseline,
  options: EvidenceOptions,
): Promise<readonly string[] | null> {
  if (baseline.kind === 'plain') return []
  const opened = open(root, baseline, options)
  const all = await opened?.start.held.all()
  if (!opened || !all?.ok) return null
  return [...all.value.keys()].flatMap((name) => localName(opened.start.repo, name))
}

interface Wanted {
  readonly path?: string
  readonly glob?: string
}

/** Files at the baseline that a path (itself or below it) or glob matches; null when it cannot be known. */
async function countAt(
  root: string,
  baseline: Baseline,
  wanted: Wanted,
  held: () => Promise<readonly string[] | null>,
): Promise<Count | null> {
  const matches = compileSpelled(
    wanted.path === undefined ? { glob: wanted.glob ?? '' } : { path: wanted.path },
  )
  const paths = new Set<string>()
  // Gone at the start, which is known as well.
  const gone = new Set<string>()
  const names = await held()
  if (names === null) return null
  for (const path of names) if (matches(path)) paths.add(path)
  for (const [path, kind] of baseline.entries)
    if (kind === '-') {
      paths.delete(path)
      gone.add(path)
    } else if (matches(path)) paths.add(path)
  const recorded = recordedIn(baseline)
  const now = matchingNow(root, wanted)
  const more =
    now === null || now.some((path) => !paths.has(path) && !gone.has(path) && !recorded(path, true))
  return { known: paths.size, more }
}

/** Null: a directory without files, which nothing records. */
function matchingNow(root: string, wanted: Wanted): string[] | null {
  if (wanted.path === undefined) return filesMatching(root, wanted.glob ?? '', Infinity).found
  const found: string[] = []
  for (const { path, type } of spelledAt(root, plainPath(wanted.path))) {
    const files = type === 'directory' ? [...walkFiles(root, path, () => true)] : [path]
    if (files.length === 0) return null
    for (const file of files) found.push(file)
  }
  return found
}

async function contentAt(
  root: string,
  baseline: Baseline,
  path: string,
  options: EvidenceOptions,
): Promise<Buffer | null | 'unknown'> {
  const entry = baseline.entries.find((one) => one[0] === path)
  if (entry) return contentOfEntry(root, baseline, entry)
  if (!recordedIn(baseline)(path, true)) return 'unknown'
  if (baseline.kind === 'plain') return null
  const opened = open(root, baseline, options)
  if (!opened) return 'unknown'
  const { start, shadow } = opened
  const name = `${start.repo.prefix}${path}`
  const sides = await start.held.sides([name])
  if (!sides.ok) return 'unknown'
  const side = sides.value.get(name) ?? null
  if (side === null) return null
  const blobs = await readBlobs(start.repo, shadow, [side.oid], MOST_BYTES)
  return (blobs.ok && blobs.value[0]) || 'unknown'
}

/** An entry keeps a hash only: its content is known as long as the file is still the same. */
function contentOfEntry(root: string, baseline: Baseline, entry: EntryLine): Buffer | null | 'unknown' {
  const [path, kind, hash] = entry
  if (kind === '-') return null
  if (kind !== 'f' && kind !== 'x') return 'unknown'
  const now = new EntryReader(root, baseline.kind === 'git' ? baseline.format : 'short').look(path)
  if (now?.hash !== hash) return 'unknown'
  const bytes = readFileSafe(fsPath(root, path) as string, { maxBytes: MOST_BYTES })
  return bytes.ok ? bytes.value : 'unknown'
}

function open(root: string, baseline: Baseline & { kind: 'git' }, options: EvidenceOptions) {
  const opened = openStart(root, [baseline], options)
  return opened.ok ? opened.value : null
}
