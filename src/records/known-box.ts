import path from 'node:path'
import { removeOwned, sweepOwned } from '../base/owned-directory.ts'
import { systemWords } from '../base/system-words.ts'
import { realPath } from '../base/within.ts'
import { type Layer, makeLayer } from '../box/layers.ts'
import { type BoxPlace, type Standing, standing, standingWith } from '../box/rungs.ts'
import { treeBelow } from '../box/sealed.ts'
import type { Preflight } from '../gates/preflight.ts'
import { homePaths } from '../ledger/paths.ts'
import type { Context } from './context.ts'
import { preflightKey, readPreflight } from './preflight.ts'

/** How much of the box this machine grants around this Codex. */
export function boxStanding({ env }: Pick<Context, 'env'>, codexBin: string): Standing {
  return standing(placeOf(env.home, codexBin))
}

const placeOf = (home: string, codexBin: string): BoxPlace => ({
  codexBin,
  dir: path.join(homePaths(home).sandboxHome, 'box'),
})

/** What is known of a box before a gate is started in it. */
export interface Box {
  readonly on: Standing
  readonly preflight: Preflight | undefined
}

export function knownBox(
  context: Pick<Context, 'env'>,
  codexBin: string,
  on = boxStanding(context, codexBin),
): Box {
  return { on, preflight: readPreflight(context.env.home, preflightKey(context, codexBin, on)) }
}

/** The same, and what is against a layer above the tree of this repository; null: one can be there. */
export interface BoxOfTree extends Box {
  readonly refused: string | null
}

export function knownBoxOfTree(context: Pick<Context, 'env'>, codexBin: string, root: string): BoxOfTree {
  const { on, refused } = tried(context.env.home, codexBin, realPath(root))
  return { ...knownBox(context, codexBin, on), refused }
}

/** What keeps this machine from making clean rooms for this repository; null when it makes them. */
export function whyNoRoom(context: Pick<Context, 'env'>, codexBin: string, root: string): string | null {
  const { on, refused } = knownBoxOfTree(context, codexBin, root)
  return on.granted?.pieces == null ? (on.why ?? 'no overlays') : refused
}

function tried(home: string, codexBin: string, root: string): ReturnType<typeof standingWith> {
  const place = placeOf(home, codexBin)
  const { layers } = homePaths(home)
  let layer: Layer
  try {
    sweepOwned(layers)
    layer = makeLayer(layers)
  } catch (error) {
    return { on: standing(place), refused: `${layers} cannot be written: ${systemWords(error)}` }
  }
  try {
    return standingWith(place, treeBelow(root, [layers], layer))
  } finally {
    removeOwned(layer.dir)
  }
}
