import { siteOf } from '../../supervisor/batch/site.ts'
import { newestBatch } from '../../supervisor/batch/find-batch.ts'
import { readBatch } from '../../supervisor/record/batch-ledger.ts'
import type { BatchEvent } from '../../supervisor/record/events.ts'
import { processesOf } from '../leftovers.ts'
import { member, text } from '../look.ts'
import type { Picture } from '../picture.ts'
import { killQuietly } from '../run-program.ts'
import type { Answered, World } from '../world.ts'
import { type Cast, cast } from './cast.ts'
import { checkout } from './checkout.ts'
import { type Landed, landAndClone } from './land.ts'
import { textOf } from './text-of.ts'

/** A backlog that was worked through, and all that there is to see of it. What was not reached is null or empty. */
export interface Played {
  /** What `run` said before a person accepted anything. */
  readonly refused: Answered
  /** What `allow` said. */
  readonly accepted: Answered
  readonly turns: Cast['turns']
  /** Every event on record, whose chain was verified; a text: why not. */
  readonly events: readonly BatchEvent[] | string
  /** The last call of `run`. */
  readonly ran: Answered | null
  readonly killed: Killed | null
  /** The person's checkout: before `run`, and before `land`. */
  readonly before: Picture
  readonly after: Picture
  /** Commands of processes that were left; null: nobody can tell here. */
  readonly left: readonly string[] | null
  readonly landed: Landed | null
}

/** A `run` that was killed while its agents were at work. */
export interface Killed {
  /** When, ms since the epoch. */
  readonly at: number
  /** It ended before all its agents were in the middle of a turn. */
  readonly instead: Answered | null
  /** State and code of `status --batch` afterwards. */
  readonly status: string
}

/** Works through the backlog, and lands it. `hard`: with a kill and a limit on the way. */
export async function playBacklog(world: World, repo: string, hard: boolean): Promise<Played> {
  const { script, turns, allWait } = cast(hard)
  world.play(script)
  const refused = await world.cli(['run'], repo)
  const accepted = await world.cli(['allow', '--repo', repo], repo)
  const before = checkout(repo)
  const seen = { refused, accepted, turns, before }
  if (accepted.code !== 0)
    return { ...seen, events: [], ran: null, killed: null, after: before, left: null, landed: null }
  const killed = hard ? await killInTheMiddle(world, repo, allWait) : null
  // It ended by itself: another call would end in the same way.
  const ran = killed?.instead ?? (await world.cli(['run'], repo))
  const left = commandsOf(world)
  const after = checkout(repo)
  for (const each of Object.values(turns)) world.saw(each)
  const worked = { ...seen, ran, killed, after, left }
  if (typeof recorded(world, repo) === 'string' || world.abort.aborted)
    return { ...worked, events: recorded(world, repo), landed: null }
  const landed = await landAndClone(world, repo)
  return { ...worked, events: recorded(world, repo), landed }
}

async function killInTheMiddle(world: World, repo: string, allWait: Promise<void>): Promise<Killed> {
  let pid: number | null = null
  const running = world.cli(['run'], repo, (started) => {
    pid = started
  })
  const first = await Promise.race([allWait.then(() => null), running])
  const at = Date.now()
  if (first === null && pid !== null) killQuietly(pid)
  await running
  const { json } = await world.cli(['status', '--batch'], repo)
  return {
    at,
    instead: first,
    status: `${text(member(json, 'state'))}: ${text(member(json, 'code'))}`,
  }
}

/** Whatever runs of this world although nothing should; null where only Linux could tell. */
function commandsOf(world: World): string[] | null {
  if (process.platform !== 'linux') return null
  return processesOf(world.dir).map(
    (pid) => textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() || String(pid),
  )
}

function recorded(world: World, repo: string): Played['events'] {
  const site = siteOf(repo)
  if (!site.ok) return site.error.message
  const found = newestBatch(world.home, site.value.repoId)
  if (!found.ok) return found.error.message
  if (found.value === null) return 'no batch was opened'
  const events: BatchEvent[] = []
  const read = readBatch(found.value.paths.ledger, (event) => events.push(event))
  return read.ok ? events : read.error.message
}
