import path from 'node:path'
import { type Result, ok } from '../../base/result.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { type Archived, archiveClosed, archivedCounts } from '../../ledger/archive.ts'
import { ensureHome } from '../../ledger/home.ts'
import type { Context } from '../../records/context.ts'
import { preparedPlace } from '../../records/prepare-room.ts'
import { warmPlace } from '../../records/warm-room.ts'
import { type Removable, planRooms, allLayers } from '../../setup/rooms/plan.ts'
import { settleReleases } from '../../setup/settle-releases.ts'
import { removeRooms } from '../../setup/rooms/remove.ts'
import { siteOf } from '../../supervisor/batch/site.ts'
import { type HeldBatch, heldRefs } from '../../supervisor/orders/held-refs.ts'
import { mayChangeSetup } from '../asker.ts'
import { type CleanedBatches, KEEP_LOGS, cleanBatches, cleanFlags } from '../clean-batches.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { done } from '../outcome.ts'
import { cleanedDoc, heldDoc } from '../render/cleaned-batches.ts'
import { type Doc, type Line, quiet, strong, warn } from '../render/doc.ts'
import { roomThing } from '../render/room-thing.ts'

const hour = 3_600_000

/**
 * `cleanup`: shows what is over and what nobody needs, of sessions, clean rooms and batches, and with `--apply` moves it into the
 * archive or removes it. Because a person asks, that is so of long silent open runs too.
 */
export const cleanup = command({
  flags: {
    ...cwdFlag,
    ...cleanFlags,
    'stale-hours': {
      type: 'number',
      default: 8,
      describe: 'open runs silent, and requests unclaimed, for this long',
    },
    'retention-hours': { type: 'number', default: 24, describe: 'runs closed for this long' },
    prepared: {
      type: 'boolean',
      describe: 'also what prepare made for this repository: it is made again when it is needed',
    },
    'dry-run': { type: 'boolean', describe: 'only say what would go, as without --apply' },
  },
  usage: ({ 'keep-logs': days, apply, 'dry-run': dry }) => {
    if (apply === true && dry === true) return '--apply, or --dry-run?'
    return days >= 0 ? undefined : '--keep-logs is a number of days'
  },
  run: async (args, { context }) => {
    const dry = args.apply !== true
    const allowed = dry ? ok(true as const) : mayChangeSetup(context, 'cleanup', false)
    if (!allowed.ok) return allowed
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const { home } = context.env
    const made = dry ? ok(undefined) : ensureHome(home)
    if (!made.ok) return made
    const repoRoot = findRepoRoot(cwd.value)
    // First, because it may be refused: then nothing else was done either.
    const batches = await batchesAt(context, cwd.value, dry, args)
    if (!batches.ok) return batches
    if (!dry) await settleReleases(context, args['retention-hours'] * hour)
    const archived = archiveClosed(home, {
      now: context.clock(),
      staleMs: args['stale-hours'] * hour,
      retentionMs: args['retention-hours'] * hour,
      person: true,
      repoRoot,
      dry,
    })
    const planned = [...planRooms(context), ...(args.prepared === true ? unusedLayers(home, repoRoot) : [])]
    const rooms = dry ? planned : removeRooms(home, planned)
    const data = {
      dry_run: dry,
      repo_root: repoRoot,
      archived_sessions: archived.sessions,
      archived_open: archived.open,
      archived_requests: archived.requests,
      kept: archived.kept.map((one) => ({ name: one.name, reason: one.why.message })),
      removed: rooms.map((one) => ({ ...one, path: path.relative(home, one.path) })),
      archived_counts: archivedCounts(home),
      batches: batches.value,
    }
    return ok(
      done(data, () => [
        ...cleanupDoc(archived, rooms, home, dry),
        ...(batches.value === null
          ? []
          : [...cleanedDoc(batches.value, dry), ...heldDoc(batches.value.held)]),
        ...(dry && isSomething(archived, rooms, batches.value)
          ? [['do it: ', strong(applyWords(args))] satisfies Line]
          : []),
      ]),
    )
  },
})

type BatchesPart = CleanedBatches & { readonly held: readonly HeldBatch[] }

/** Null: there is no repository here. Codes: those of cleanBatches and of heldRefs. */
async function batchesAt(
  context: Context,
  cwd: string,
  dry: boolean,
  { discard, 'keep-logs': days }: { readonly discard?: string | undefined; readonly 'keep-logs': number },
): Promise<Result<BatchesPart | null>> {
  const site = siteOf(cwd)
  if (!site.ok) return ok(null)
  const asked = { discard: discard ?? null, 'keep-logs': days }
  const cleaned = await cleanBatches(context, site.value, dry, asked)
  if (!cleaned.ok) return cleaned
  const held = await heldRefs(context, site.value)
  return held.ok ? ok({ ...cleaned.value, held: held.value }) : held
}

function isSomething(archived: Archived, rooms: readonly Removable[], batches: BatchesPart | null): boolean {
  const { sessions, open, requests } = archived
  const of = sessions.length + open.length + requests.length + rooms.length
  return of + (batches?.removed.length ?? 0) > 0
}

/** The same call, with the word that does it. */
function applyWords(args: {
  readonly 'stale-hours': number
  readonly 'retention-hours': number
  readonly 'keep-logs': number
  readonly prepared?: boolean | undefined
  readonly discard?: string | undefined
}): string {
  return [
    'autonomous-loop cleanup',
    ...(args['stale-hours'] === 8 ? [] : [`--stale-hours ${args['stale-hours']}`]),
    ...(args['retention-hours'] === 24 ? [] : [`--retention-hours ${args['retention-hours']}`]),
    ...(args.prepared === true ? ['--prepared'] : []),
    ...(args['keep-logs'] === KEEP_LOGS ? [] : [`--keep-logs ${args['keep-logs']}`]),
    ...(args.discard === undefined ? [] : [`--discard ${args.discard}`]),
    '--apply',
  ].join(' ')
}

function unusedLayers(home: string, repoRoot: string): Removable[] {
  const own = [preparedPlace(home, repoRoot), warmPlace(home, repoRoot)]
  return allLayers(home).flatMap(({ dir, place, layer }): Removable[] =>
    own.includes(dir) && !layer.inUse ? [{ what: 'layer', path: place, why: 'asked' }] : [],
  )
}

function cleanupDoc(archived: Archived, rooms: readonly Removable[], home: string, dry: boolean): Doc {
  const { sessions, open, requests, kept } = archived
  if (sessions.length + open.length + requests.length + kept.length + rooms.length === 0)
    return ['Nothing is old enough to be archived.']
  return [
    `${dry ? 'Would archive' : 'Archived'}: ${sessions.length} closed sessions, ${requests.length} requests that nobody claimed.`,
    ...open.map((id): Line => [
      warn(dry ? 'is open: ' : 'was open: '),
      `${id} (${dry ? 'would be closed' : 'closed'} as disabled)`,
    ]),
    ...kept.map((one): Line => [warn('left alone: '), `${one.name}: ${one.why.message}`]),
    ...rooms.map((one): Line => [quiet(dry ? 'would remove: ' : 'removed: '), roomThing(one, home)]),
  ]
}
