import { ok } from '../../base/result.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { type Archived, archiveClosed, archivedCounts } from '../../ledger/archive.ts'
import { ensureHome } from '../../ledger/home.ts'
import { mayChangeSetup } from '../asker.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { done } from '../outcome.ts'
import type { Doc } from '../render/doc.ts'
import { warn } from '../render/doc.ts'

const hour = 3_600_000

/** `cleanup`: moves closed runs, expired requests and, because a person asks, long silent open runs into the archive. */
export const cleanup = command({
  flags: {
    ...cwdFlag,
    'stale-hours': {
      type: 'number',
      default: 8,
      describe: 'open runs silent, and requests unclaimed, for this long',
    },
    'retention-hours': { type: 'number', default: 24, describe: 'runs closed for this long' },
  },
  run: (args, { context }) => {
    const allowed = mayChangeSetup(context, 'cleanup', false)
    if (!allowed.ok) return allowed
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const home = ensureHome(context.env.home)
    if (!home.ok) return home
    const repoRoot = findRepoRoot(cwd.value)
    const archived = archiveClosed(context.env.home, {
      now: context.clock(),
      staleMs: args['stale-hours'] * hour,
      retentionMs: args['retention-hours'] * hour,
      person: true,
      repoRoot,
    })
    const data = {
      repo_root: repoRoot,
      archived_sessions: archived.sessions,
      archived_open: archived.open,
      archived_requests: archived.requests,
      kept: archived.kept.map((one) => ({ name: one.name, reason: one.why.message })),
      archived_counts: archivedCounts(context.env.home),
    }
    return ok(done(data, () => cleanupDoc(archived)))
  },
})

function cleanupDoc(archived: Archived): Doc {
  const { sessions, open, requests, kept } = archived
  if (sessions.length + open.length + requests.length + kept.length === 0)
    return ['Nothing is old enough to be archived.']
  return [
    `Archived: ${sessions.length} closed sessions, ${requests.length} requests that nobody claimed.`,
    ...open.map((id) => [warn('was open: '), `${id} (closed as disabled)`]),
    ...kept.map((one) => [warn('left alone: '), `${one.name}: ${one.why.message}`]),
  ]
}
