import path from 'node:path'
import { ok } from '../../base/result.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { type Archived, archiveClosed, archivedCounts } from '../../ledger/archive.ts'
import { ensureHome } from '../../ledger/home.ts'
import { preparedPlace } from '../../records/prepare-room.ts'
import { warmPlace } from '../../records/warm-room.ts'
import { type Removable, planRooms, allLayers } from '../../setup/rooms/plan.ts'
import { settleReleases } from '../../setup/settle-releases.ts'
import { removeRooms } from '../../setup/rooms/remove.ts'
import { mayChangeSetup } from '../asker.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { done } from '../outcome.ts'
import { type Doc, type Line, quiet, warn } from '../render/doc.ts'
import { roomThing } from '../render/room-thing.ts'

const hour = 3_600_000

/**
 * `cleanup`: moves closed runs, expired requests and, because a person asks, long silent open runs into the archive; removes
 * what clean rooms left.
 */
export const cleanup = command({
  flags: {
    ...cwdFlag,
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
    'dry-run': { type: 'boolean', describe: 'only say what would go' },
  },
  run: async (args, { context }) => {
    const dry = args['dry-run'] === true
    const allowed = dry ? ok(true as const) : mayChangeSetup(context, 'cleanup', false)
    if (!allowed.ok) return allowed
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const { home } = context.env
    const made = dry ? ok(undefined) : ensureHome(home)
    if (!made.ok) return made
    const repoRoot = findRepoRoot(cwd.value)
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
    }
    return ok(done(data, () => cleanupDoc(archived, rooms, home, dry)))
  },
})

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
