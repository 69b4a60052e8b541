import { type Result, fail } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { batchGround } from '../batch/batch-ground.ts'
import { newestBatch } from '../batch/find-batch.ts'
import { takeLock } from '../batch/lock.ts'
import { repoPaths } from '../batch/paths.ts'
import { siteOf } from '../batch/site.ts'
import { openBatchLedger } from '../record/batch-ledger.ts'
import type { NewBatchEvent } from '../record/events.ts'
import type { BatchState } from '../record/state.ts'
import type { Ground, World } from '../world.ts'
import type { Joining } from './joined-with.ts'

/** A batch of which something is done, held by this process while it is landed. */
export interface Landing {
  readonly ground: Ground
  readonly batch: string
  /** As it was when the landing began, but for what `note` added. */
  readonly state: () => BatchState
  /** The branch to land on, by its short name. */
  readonly target: string
  readonly note: (event: NewBatchEvent) => void
}

/** How landing ends. `remote`: the branch there, such as `origin/main`; null: the one of this repository. */
export type LandEnded =
  | {
      readonly kind: 'landed'
      readonly target: string
      readonly remote: string | null
      readonly commit: string
      readonly joined: boolean
    }
  | {
      readonly kind: 'already'
      readonly target: string
      readonly remote: string | null
      readonly commit: string
    }
  | {
      readonly kind: 'conflict'
      readonly target: string
      readonly remote: string | null
      /** The published branch of the work, in which a person can join both; null: there is none. */
      readonly branch: string | null
      readonly paths: readonly string[]
    }
  /** Gates of the final profile fail once the work is joined to what the target has by now. */
  | {
      readonly kind: 'red'
      readonly target: string
      readonly remote: string | null
      readonly branch: string | null
      readonly red: readonly string[]
    }

/** The target may be moved by somebody each time. */
export const MOST_ROUNDS = 3

export type LandIo = Pick<World, 'watch' | 'signals'>

/** How a remote is spoken to. */
export interface RemoteIo extends LandIo {
  /** A person sits at the terminal, and git may ask them. */
  readonly interactive: boolean
  /** Called before git may ask. */
  readonly quiet: () => void
}

/**
 * Holds the batch while `use` lands what is done of it. Codes: batch-missing, land-nothing, land-no-target, batch-running, and
 * those of batchGround, of openBatchLedger and of `use`.
 */
export async function withLanding<T>(
  context: Context,
  cwd: string,
  io: LandIo,
  use: (landing: Landing) => Promise<Result<T>>,
): Promise<Result<T>> {
  const site = siteOf(cwd)
  if (!site.ok) return site
  const lock = takeLock(repoPaths(context.env.home, site.value.repoId).lock)
  if (!lock.ok) return lock
  try {
    const found = newestBatch(context.env.home, site.value.repoId)
    if (!found.ok) return found
    if (found.value === null)
      return fail('batch-missing', 'this repository has no batch', { fix: 'autonomous-loop run' })
    const { batch, state, paths, read } = found.value
    const target = targetOf(batch, state)
    if (!target.ok) return target
    const ground = await batchGround(context, site.value, found.value, io)
    if (!ground.ok) return ground
    const ledger = openBatchLedger(paths.ledger, context.clock, null, () => {}, read)
    if (!ledger.ok) return ledger
    const { state: now, append, close } = ledger.value
    try {
      return await use({
        ground: ground.value,
        batch,
        state: now,
        target: target.value,
        note: (event) => void append(event),
      })
    } finally {
      close()
    }
  } finally {
    lock.value.letGo()
  }
}

function targetOf(batch: string, { opened, head, published }: BatchState): Result<string> {
  if (head === opened.base)
    return fail('land-nothing', `nothing of batch ${batch} is done`, {
      fix: 'autonomous-loop status --batch',
    })
  if (opened.target === null)
    return fail(
      'land-no-target',
      'HEAD was detached when the batch was opened, so there is no branch to land on',
      { fix: `git merge ${published?.branch ?? head}` },
    )
  return { ok: true, value: opened.target }
}

/** What a person is told where the work cannot go to the target as it is. Pure. */
export function notJoined(
  { target, state }: Landing,
  remote: string | null,
  why: Extract<Joining, { kind: 'conflict' | 'red' }>,
): Extract<LandEnded, { kind: 'conflict' | 'red' }> {
  return { ...why, target, remote, branch: state().published?.branch ?? null }
}

/** That the target holds the head, as this commit. */
export function noteLanded(
  { state, target, note }: Landing,
  commit: string,
  remote?: { readonly name: string; readonly branch: string },
): void {
  const { head } = state()
  note({
    type: 'landed',
    data: { commit, target, head, ...(remote === undefined ? {} : { remote }) },
  })
}
