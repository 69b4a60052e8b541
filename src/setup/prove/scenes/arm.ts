import { shellQuote } from '../../shim.ts'
import { failureOf, member } from '../look.ts'
import { objective, task } from '../project.ts'
import type { World } from '../world.ts'

/** The shell command by which an agent puts itself under contract. */
export function enableCommand(world: World): string {
  const words = [
    'request',
    'enable',
    '--cwd',
    '.',
    '--objective',
    objective,
    '--task-json',
    JSON.stringify(task),
  ]
  return [world.cliPath, ...words].map(shellQuote).join(' ')
}

/** Gives a repository its gates and approves them; null, or why that failed. */
export async function installRepo(world: World, repo: string): Promise<string | null> {
  const installed = await world.cli(['install-repo', '--repo', repo], repo)
  return installed.code === 0 ? null : failureOf('install-repo', installed)
}

/** The only run of a repository, as `status` tells it; undefined when there is not exactly one. */
export async function onlyRun(world: World, repo: string): Promise<unknown> {
  const status = await world.cli(['status', '--cwd', repo], repo)
  return member(status.json, 'sessions', 1) === undefined ? member(status.json, 'sessions', 0) : undefined
}
