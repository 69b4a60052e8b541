import { readFileSafe } from '../base/read-file.ts'
import { type Result, ok } from '../base/result.ts'
import type { FrozenCopies } from '../definition/frozen.ts'
import type { Baseline } from '../evidence/types.ts'
import { EntryReader } from '../evidence/entry.ts'
import { fsPath } from '../evidence/path-text.ts'
import { type CopiedFile, loadCopies } from './copied.ts'
import type { StartFiles } from './room/start-content.ts'
import { isTestFile } from './test-files.ts'
import { mayBeDefinition } from './shape/shape.ts'

/** Of all together, and of one. */
const MOST_FILES = 1000
const MOST_BYTES = 32 << 20
const MOST_FILE_BYTES = 4 << 20

/**
 * Files that differed from the list of the start when a run began, as they were, where their names say that they can be
 * definition, and with `tests` that they are tests: no store has their content. What is not any more what a baseline says is left out, and so are links.
 */
export function readKept(
  root: string,
  baselines: readonly Baseline[],
  { tests }: { readonly tests: boolean },
): readonly CopiedFile[] {
  const files: CopiedFile[] = []
  const seen = new Set<string>()
  const isWanted = (file: string): boolean => mayBeDefinition(file) || (tests && isTestFile(file))
  let left = MOST_BYTES
  for (const baseline of baselines) {
    const reader = new EntryReader(root, baseline.kind === 'git' ? baseline.format : 'short')
    for (const [file, kind, hash] of baseline.entries) {
      if ((kind !== 'f' && kind !== 'x') || seen.has(file) || !isWanted(file)) continue
      const now = reader.look(file)
      if (now?.kind !== kind || now.hash !== hash) continue
      const read = readFileSafe(fsPath(root, file) as string, { maxBytes: MOST_FILE_BYTES })
      if (!read.ok || read.value.length > left || files.length >= MOST_FILES) continue
      left -= read.value.length
      seen.add(file)
      files.push({ path: file, isExecutable: kind === 'x', bytes: read.value })
    }
  }
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** What was kept when the run began. Code: copy-changed. */
export function loadKept(dir: string, kept: FrozenCopies | undefined): Result<StartFiles> {
  if (kept === undefined) return ok(new Map())
  const files = loadCopies(dir, kept.sha256)
  if (!files.ok) return files
  return ok(
    new Map(
      files.value.map(({ path, isExecutable, bytes }) => [path, { kind: isExecutable ? 'x' : 'f', bytes }]),
    ),
  )
}
