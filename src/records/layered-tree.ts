import fs from 'node:fs'
import { removeOwned } from '../base/owned-directory.ts'
import { systemWords } from '../base/system-words.ts'
import type { Layer } from '../box/layers.ts'
import { type PathTest, globMatcher } from '../evidence/glob.ts'
import type { GateRow } from '../gates/row.ts'
import type { EndedTree, JudgedTree } from '../gates/types.ts'
import { hiddenSources } from '../workspace/hidden-sources.ts'
import { keepOf, readLayer } from '../workspace/layer.ts'

/** A layer, and what is known of the tree below it. Paths are relative to `root`. */
interface Layered {
  readonly root: string
  readonly files: ReadonlySet<string>
  /** Of these, what no gate has to write. */
  readonly sourceFiles: ReadonlySet<string>
  /** What every gate may write. */
  readonly allowed: PathTest
  /** What this one may write. */
  readonly opened: PathTest
  readonly layer: Layer
  readonly mostBytes: number
  readonly keeps: readonly string[]
  /** What a step hands to the next. */
  readonly goesOn: PathTest
  /** Never kept for another gate. */
  readonly isPinned: PathTest
  /** Of these files, those that are not seen below the layer. */
  readonly hiddenBelow: (files: readonly string[]) => readonly string[]
  readonly row: GateRow | undefined
}

/** The tree of a gate that writes to a layer above it: see `JudgedTree`. */
export function layeredTree({
  root,
  files,
  sourceFiles,
  allowed,
  opened,
  layer,
  mostBytes,
  keeps,
  goesOn,
  isPinned,
  hiddenBelow,
  row,
}: Layered): JudgedTree {
  const freeAtStart = freeBytes(layer.upper)
  // Files that gates may write go on as any other output does.
  // Only for what is kept, which is nothing of most gates.
  let held: ReadonlySet<string> | undefined
  const heldFiles = (): ReadonlySet<string> => (held ??= new Set([...files].filter((file) => !allowed(file))))
  const bytesNow = (): number => readLayer(layer.upper, root, new Set(), opened).bytes
  const remove = (): void => removeOwned(layer.dir)
  let over = false
  let full = false
  const looksFull = (): boolean => (full ||= freeBytes(layer.upper) < NO_ROOM)
  return {
    mostBytes,
    // Others write to this disk too, so the layer itself has the last word.
    isOver: () => {
      try {
        looksFull()
        over ||= freeAtStart - freeBytes(layer.upper) > mostBytes && bytesNow() > mostBytes
      } catch {
        // The gate makes and removes directories meanwhile; the end tells.
      }
      return over
    },
    end: (passed) => {
      try {
        return ended(passed)
      } catch (error) {
        quietly(remove)
        const lost = `what the gate wrote cannot be read: ${systemWords(error)}`
        return { seal: { kind: 'sealed', rewrote: [] }, isOver: over, isFull: full, lost }
      }
    },
  }
  function ended(passed: boolean): EndedTree {
    const { rewrote: shown, bytes } = readLayer(layer.upper, root, sourceFiles, opened)
    const rewrote = [...shown, ...hiddenSources(layer.upper, root, sourceFiles, hiddenBelow)].sort()
    over ||= bytes > mostBytes
    looksFull()
    const wanted = (globs: readonly string[]): PathTest => {
      const named = globMatcher(globs)
      return (file) => named(file) && !isPinned(file)
    }
    const cut = (which: PathTest): boolean => keepOf(layer.upper, which, heldFiles())
    const isKept = passed && !over && row !== undefined && (row.isOfSteps || keeps.length > 0)
    if (isKept && cut(row.isOfSteps ? goesOn : wanted(keeps)))
      row.keep({ path: layer.upper, cut: (globs) => cut(wanted(globs)), remove })
    else remove()
    return {
      seal: { kind: 'sealed', rewrote: rewrote.filter((file) => !allowed(file)) },
      isOver: over,
      isFull: full,
      lost: null,
    }
  }
}

/** Less than any file of a gate's takes. */
const NO_ROOM = 64 * 1024

function quietly(act: () => void): void {
  try {
    act()
  } catch {
    // The next sweep tries again.
  }
}

function freeBytes(dir: string): number {
  const { bavail, bsize } = fs.statfsSync(dir)
  return bavail * bsize
}
