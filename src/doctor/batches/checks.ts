import type { Checks } from '../check.ts'
import { skipped } from '../check.ts'
import type { DoctorLook } from '../look.ts'
import { siteOf } from '../../supervisor/batch/site.ts'
import { openPolicy } from '../../records/policy.ts'
import { agentPrograms, gitHub, suspensions, unusableAgents } from './agents.ts'
import { hooks } from './hooks.ts'
import { lookAtBatches } from './look.ts'
import { dataPlace } from './place.ts'
import { leftovers, requests, staleNotes, supervisorAlive, watcherAlive } from './process.ts'
import { ledgers, publishedBranch, repository, rescues, setAside, worktrees } from './trees.ts'

/** What tends to batches here; one line where nobody works through a backlog. */
export async function batchChecks({
  context,
  cwd,
  root,
}: Pick<DoctorLook, 'context' | 'cwd' | 'root'>): Promise<Checks> {
  const site = siteOf(cwd)
  if (!site.ok) return { batches: skipped(`${root} is not a git repository`) }
  const look = lookAtBatches(context, site.value)
  const policy = openPolicy(context.env.home, site.value.root)
  const isAsked = policy.ok && policy.value.config.supervisor !== undefined
  if (look.known.length === 0 && !isAsked) return { batches: skipped('nobody works through a backlog here') }
  return {
    batch_supervisor: supervisorAlive(look),
    batch_watcher: watcherAlive(look),
    batch_leftovers: leftovers(look),
    batch_ledgers: ledgers(look),
    batch_repository: await repository(look),
    batch_data: dataPlace(look),
    batch_agents: unusableAgents(look),
    batch_programs: agentPrograms(look),
    batch_suspensions: suspensions(look),
    batch_worktrees: worktrees(look),
    batch_set_aside: setAside(look),
    batch_rescues: await rescues(look),
    batch_branch: await publishedBranch(look),
    batch_requests: requests(look),
    batch_notes: staleNotes(look),
    batch_hooks: hooks(look),
    batch_github: gitHub(look),
  }
}

/** What a batch goes on without: it is said, and doctor does not fail for it. */
export const ADVISORY = [
  'batch_watcher',
  'batch_suspensions',
  'batch_worktrees',
  'batch_set_aside',
  'batch_rescues',
  'batch_branch',
  'batch_requests',
  'batch_notes',
  'batch_hooks',
  'batch_github',
] as const
