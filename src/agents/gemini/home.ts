import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { TurnBase } from '../agent.ts'
import { personSettings } from './person-settings.ts'
import type { GeminiAgent } from './settings.ts'
import { turnSettings } from './turn-settings.ts'

/*
 * Gemini gets a home of its own for each attempt. It would read nothing but the person's `.gemini` else, and what a worker leaves there
 * (hooks, servers of tools, settings) would run outside of any box when the person starts Gemini the next time. A file of system
 * settings is no way to say more than the person: it is passed over unless root owns it.
 */

/** What is named to it as GEMINI_CLI_HOME. */
export const homeOf = ({ scratch }: Pick<TurnBase, 'scratch'>): string => path.join(scratch, 'gemini')
/** Conversations, whatever directory they are about. */
export const chatsOf = (turn: Pick<TurnBase, 'scratch'>): string =>
  path.join(homeOf(turn), '.gemini/tmp', PROJECT, 'chats')
/** Where one that only reads is started: what lies in the workspace for Gemini is not its own. */
export const startOf = (turn: Pick<TurnBase, 'role' | 'workspace' | 'scratch'>): string =>
  turn.role === 'work' ? turn.workspace : path.join(turn.scratch, 'start')

/** Conversations belong to a project by its directory, and a worktree may be another one the next time: this is its name wherever it is. */
const PROJECT = 'work'
/** Of the person's directory. */
const SIGN_IN = new Set([
  '.env',
  'oauth_creds.json',
  'google_accounts.json',
  'gemini-credentials.json',
  'installation_id',
])
/** Made here, or nobody's business. */
const NOT_TAKEN = new Set(['settings.json', 'tmp', 'history', 'projects.json', 'projects.json.lock'])

/** Makes it for one turn: all but conversations is new. Codes: agent-place, agent-unusable. */
export function makeHome(
  { config }: GeminiAgent,
  turn: TurnBase,
  vars: Readonly<Record<string, string | undefined>>,
): Result<null> {
  const person = personSettings(config)
  if (!person.ok) return person
  const dir = path.join(homeOf(turn), '.gemini')
  try {
    const tmp = path.join(dir, 'tmp')
    for (const one of [homeOf(turn), dir, tmp, path.join(tmp, PROJECT)]) realDirectory(one)
    for (const name of namesIn(dir).filter((one) => one !== 'tmp'))
      fs.rmSync(path.join(dir, name), { recursive: true, force: true })
    fs.rmSync(path.join(tmp, PROJECT, '.project_root'), { recursive: true, force: true })
    if (turn.role !== 'work') {
      fs.rmSync(startOf(turn), { recursive: true, force: true })
      fs.mkdirSync(startOf(turn), { mode: 0o700 })
    }
    for (const name of namesIn(config).filter((one) => isTaken(one, turn.role)))
      take(path.join(config, name), path.join(dir, name))
    const write = (name: string, value: object): void =>
      writeFileWhole(path.join(dir, name), `${JSON.stringify(value)}\n`)
    write('settings.json', turnSettings(person.value, turn.role, vars))
    write('projects.json', { projects: { [startOf(turn)]: PROJECT } })
    return ok(null)
  } catch (error) {
    return fail('agent-place', `${dir} cannot be written: ${systemWords(error)}`, {
      fix: 'autonomous-loop doctor',
    })
  }
}

const isTaken = (name: string, role: TurnBase['role']): boolean =>
  SIGN_IN.has(name) || (role === 'work' && !NOT_TAKEN.has(name))

/** Files are copied: Gemini writes a sign-in that it renewed, and must not fail at that. */
function take(from: string, to: string): void {
  const stat = fs.statSync(from, { throwIfNoEntry: false })
  if (stat?.isDirectory()) fs.symlinkSync(from, to)
  else if (stat?.isFile()) fs.copyFileSync(from, to)
}

/** Whatever the agent put in its place: it would lead us elsewhere. */
function realDirectory(dir: string): void {
  const stat = fs.lstatSync(dir, { throwIfNoEntry: false })
  if (stat && !stat.isDirectory()) fs.rmSync(dir)
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
}
