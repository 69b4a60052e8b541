import { isWithin } from '../base/within.ts'
import type { Layer } from './layers.ts'

/** A tree that is shown at its own place through a layer that takes what is written. All paths absolute, links resolved. */
export interface SealedTree {
  readonly root: string
  /** What earlier gates left for this one, in layers above the tree; the latest last. */
  readonly found: readonly string[]
  readonly upper: string
  readonly work: string
  /** Files below the root that cannot be written. */
  readonly readOnly: readonly string[]
  /** Where all layers lie: what another gate writes is not seen. */
  readonly hidden: string
}

/** This layer above this tree, where nothing is kept from being written. */
export function treeBelow(root: string, hidden: string, { upper, work }: Layer): SealedTree {
  return { root, hidden, upper, work, found: [], readOnly: [] }
}

/** Behind everything else of the disk: the mounts of a tree cover what was mounted there. */
export function sealedArgs({ root, found, upper, work, readOnly, hidden }: SealedTree): string[] {
  return [
    '--tmpfs',
    hidden,
    ...[root, ...found].flatMap((layer) => ['--overlay-src', layer]),
    '--overlay',
    upper,
    work,
    root,
    // One that was removed meanwhile is not missed.
    ...readOnly.flatMap((file) => ['--ro-bind-try', file, file]),
  ]
}

/** What still reaches the disk itself: nothing in a sealed tree does. */
export function keptBeside(kept: readonly string[], sealed: SealedTree | null): readonly string[] {
  return sealed === null ? kept : kept.filter((dir) => !isWithin(dir, sealed.root))
}
