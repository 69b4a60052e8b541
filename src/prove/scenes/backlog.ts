import { backlogFiles } from '../backlog/project.ts'
import { playBacklog } from '../backlog/play.ts'
import { backlogRows } from '../backlog/rows.ts'
import type { Observation } from '../claims.ts'
import { failureOf } from '../look.ts'
import type { World } from '../world.ts'

/** The short form, in a world that is set up. */
export async function backlogScene(world: World): Promise<readonly Observation[]> {
  return backlogRows(await playBacklog(world, await makeBacklog(world), false))
}

/** All of it, from setting up: killed in the middle, and with a quota. */
export async function wholeBacklogScene(
  world: World,
  progress: (what: string) => void,
): Promise<readonly Observation[]> {
  progress('installing')
  const repo = await makeBacklog(world)
  const ready = await world.cli(['bootstrap', '--trust'], repo)
  if (ready.code !== 0)
    return [{ id: 'run-accepted', ok: false, seen: failureOf('bootstrap', ready), ms: null }]
  if (world.abort.aborted) return []
  progress('a backlog, worked through by three agents')
  return backlogRows(await playBacklog(world, repo, true))
}

const makeBacklog = (world: World): Promise<string> => world.makeRepo('backlog', backlogFiles)
