import { shellQuote } from '../../base/shell-word.ts'
import { failureOf, list, member, text } from '../look.ts'
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

export interface RunSeen {
  readonly state: string
  readonly blocks: number
  readonly objective: string
  /** Exit status of `status --check`. */
  readonly checkCode: number | null
  /** No record is damaged. */
  readonly sound: boolean
}

/** The only run of a repository, as `status --check` tells it; null when there is not exactly one. */
export async function onlyRun(world: World, repo: string): Promise<RunSeen | null> {
  const status = await world.cli(['status', '--cwd', repo, '--check'], repo)
  const sessions = list(status.json, 'sessions')
  if (sessions.length !== 1) return null
  return {
    state: text(member(sessions[0], 'state')),
    blocks: Number(member(sessions[0], 'iteration')),
    objective: text(member(sessions[0], 'objective')),
    checkCode: status.code,
    sound: list(status.json, 'hygiene', 'unreadable').length === 0,
  }
}
