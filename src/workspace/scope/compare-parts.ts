import type { Pointer } from '../../contract/scope.ts'
import type { StructuredFormat } from '../../contract/structured-files.ts'
import { differingParts } from './differing-parts.ts'
import type { PartsCompared } from './out-of-scope.ts'
import { readTree } from './read-tree.ts'
import { treeDigest } from './tree.ts'

/** Where two texts of a file differ, but for what lies at or below the open pointers. Pure, total. */
export function compareParts(
  format: StructuredFormat,
  was: string,
  now: string,
  open: readonly Pointer[],
): PartsCompared {
  const [before, after] = [readTree(format, was), readTree(format, now)]
  if (!before.ok) return { ok: false, why: `at the start ${before.why}` }
  if (!after.ok) return { ok: false, why: after.why }
  try {
    const parts = differingParts(before.tree, after.tree, open)
    return {
      ok: true,
      parts: parts.map((part) => ({ pointer: part.pointer, state: `part ${treeDigest(part.now)}` })),
    }
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, why: 'it is nested too deeply' }
    throw error
  }
}
