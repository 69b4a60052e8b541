import fs from 'node:fs'
import path from 'node:path'
import { conversationsOf } from './conversations.ts'
import { credentialsIn } from './environment.ts'

/** What a turn of Claude Code writes besides its workspace. */
export interface ClaudeReach {
  readonly writable: readonly string[]
  /** Within these, what stays as it is, also where nothing is there yet. */
  readonly closed: readonly string[]
  /** Written, and thrown away with the box. */
  readonly thrownAway: readonly string[]
}

/** What the person's own sessions, which are in no box, would run or take for the person's word. */
const SETTINGS = `settings.json settings.local.json remote-settings.json scheduled_tasks.json CLAUDE.md
  agents commands hooks output-styles plugins rules shell-snapshots skills workflows`.split(/\s+/)

/**
 * Of the person's directory the conversations of this workspace stay, and what else is written there goes with the box: settings, hooks,
 * servers of tools and memories of the person's own sessions are out of reach. Only a sign-in that Claude Code renews itself has to be
 * kept. It writes that beside, under another name first, so then the directory stays written, without the settings in it.
 */
export function claudeReach(
  configDir: string,
  workspace: string,
  vars: Readonly<Record<string, string | undefined>>,
): ClaudeReach {
  const own = conversationsOf(configDir, workspace) ?? path.join(configDir, 'projects')
  fs.mkdirSync(own, { recursive: true, mode: 0o700 })
  const renews =
    Object.keys(credentialsIn(vars)).length === 0 && fs.existsSync(path.join(configDir, '.credentials.json'))
  if (!renews) return { writable: [own], closed: [], thrownAway: [configDir] }
  // Servers of tools are named there; where it is missing, one that is empty would be taken for a broken one.
  const state = path.join(configDir, '.claude.json')
  const closed = SETTINGS.map((name) => path.join(configDir, name))
  return {
    writable: [configDir],
    closed: [...closed, ...(fs.existsSync(state) ? [state] : [])],
    thrownAway: [],
  }
}
