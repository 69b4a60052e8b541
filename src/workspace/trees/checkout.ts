import { setTimeout } from 'node:timers/promises'
import { type Result, ok } from '../../base/result.ts'
import { TICK_MS } from '../room/copy.ts'
import { writeAdmin } from './admin.ts'
import { heldBy } from './held.ts'
import { settle, writeTree } from './settle.ts'
import { JUDGE, placeOf } from './paths.ts'
import type { Checkout, OwnRepository } from './types.ts'

/**
 * The one checkout in which joined trees are judged, at exactly this commit: detached, and with nothing else in it. Only what
 * differs from what it held is written. Codes: worktree-failed, and those of git.
 */
export async function checkoutAt(own: OwnRepository, commit: string): Promise<Result<Checkout>> {
  const place = placeOf(own, JUDGE)
  const set = await settle(own, place, commit, 'remove')
  if (!set.ok) return set
  writeAdmin(own, JUDGE, commit)
  return ok({ dir: place.dir, commit })
}

/**
 * Its files and index become those of the tree; HEAD stays at the commit, so what differs is an uncommitted change. Nothing may have
 * been at work in it since it was made. Codes: worktree-failed, and those of git.
 */
export async function moveCheckout(
  own: OwnRepository,
  checkout: Checkout,
  tree: string,
): Promise<Result<void>> {
  const held = await heldBy(own, tree)
  if (!held.ok) return held
  const set = await writeTree(own, placeOf(own, JUDGE), tree, held.value)
  if (!set.ok) return set
  writeAdmin(own, JUDGE, checkout.commit)
  // Whoever looks at once would take what was written just now for changed since, and look again.
  await setTimeout(TICK_MS)
  return ok(undefined)
}
