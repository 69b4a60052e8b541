import { isWithin } from '../base/within.ts'
import type { Layer } from './layers.ts'

/** A tree that is shown at its own place through a layer that takes what is written. All paths absolute, links resolved. */
export interface SealedTree {
  /** Its own place. */
  readonly root: string
  /** Where its content lies: there too, or in a clean room. */
  readonly lower: string
  /** Of a clean room, the whole work tree that `root` is a part of: nobody writes beside the root. Null: nothing is around it. */
  readonly around: { readonly dir: string; readonly top: string } | null
  /** What was prepared, and what earlier gates left for this one, in layers above the tree; the latest last. */
  readonly found: readonly string[]
  readonly upper: string
  readonly work: string
  /** Files that cannot be written, relative to the root. */
  readonly readOnly: readonly string[]
  /** Directories beside the tree in whose place others are shown. */
  readonly instead: readonly Instead[]
  /** Shown empty: where all layers lie, since what another gate writes is not to be seen. */
  readonly hidden: readonly string[]
}

/** A directory shown in the place of another. What is written stays there, or (`scratch`) goes to a layer above it. */
export interface Instead {
  readonly at: string
  readonly dir: string
  readonly scratch: { readonly upper: string; readonly work: string } | null
}

/** This layer above a tree at its own place, where nothing is kept from being written. */
export function treeBelow(root: string, hidden: readonly string[], { upper, work }: Layer): SealedTree {
  return { root, lower: root, around: null, instead: [], hidden, upper, work, found: [], readOnly: [] }
}

/** Behind everything else of the disk: the mounts of a tree cover what was mounted there. */
export function sealedArgs({
  root,
  lower,
  around,
  found,
  upper,
  work,
  readOnly,
  instead,
  hidden,
}: SealedTree): string[] {
  return [
    ...hidden.flatMap((dir) => ['--tmpfs', dir]),
    ...(around === null ? [] : ['--ro-bind', around.dir, around.top]),
    ...[lower, ...found].flatMap((layer) => ['--overlay-src', layer]),
    '--overlay',
    upper,
    work,
    root,
    ...instead.flatMap(({ at, dir, scratch }) =>
      scratch === null
        ? ['--bind', dir, at]
        : ['--overlay-src', dir, '--overlay', scratch.upper, scratch.work, at],
    ),
    // One that was removed meanwhile is not missed.
    ...readOnly.flatMap((file) => ['--ro-bind-try', `${lower}/${file}`, `${root}/${file}`]),
  ]
}

/** What still reaches the disk itself: nothing in a sealed tree does. */
export function keptBeside(kept: readonly string[], sealed: SealedTree | null): readonly string[] {
  return sealed === null ? kept : kept.filter((dir) => !isWithin(dir, sealed.around?.top ?? sealed.root))
}
