import fs from 'node:fs'
import type { Context } from '../../records/context.ts'
import { repoPaths } from '../../supervisor/batch/paths.ts'
import type { Site } from '../../supervisor/batch/site.ts'
import { staleRequests } from '../../supervisor/orders/requests.ts'
import { type Repaired, mended } from '../repaired.ts'
import { staleSuspensions } from './agents.ts'
import { lookAtBatches } from './look.ts'
import { staleFiles } from './process.ts'

/** Notes of processes that are gone, requests that nobody can carry out, suspensions that are over. For who holds the lock. */
export function mendNotes(context: Context, site: Site): Repaired {
  const { home } = context.env
  const repo = repoPaths(home, site.repoId)
  const notes = staleFiles({ repo, owner: lookAtBatches(context, site).owner })
  const stale = staleRequests(repo.requests)
  const suspensions = staleSuspensions(home, context.clock())
  for (const file of [...notes, ...suspensions]) fs.rmSync(file, { force: true })
  return {
    did: [
      ...notes.map((file) => mended('note-removed', file)),
      ...suspensions.map((file) => mended('suspension-removed', file)),
      ...stale.map(({ file, why }) => {
        if (why === 'stop') {
          fs.rmSync(file, { force: true })
          return mended('request-removed', file)
        }
        // A person may have asked for it, and it may be read by another version.
        const kept = `${file}.unread`
        fs.renameSync(file, kept)
        return mended('request-moved', file, kept)
      }),
    ],
    left: [],
  }
}
