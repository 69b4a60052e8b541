import path from 'node:path'
import type { Env } from '../base/env.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { realPath } from '../base/within.ts'
import { settingsFile } from '../claude/settings-file.ts'
import { settingsStandings } from '../claude/standing.ts'
import { type HookStanding, hookStandings } from '../codex/hook-standing.ts'
import { isManagedIn, requirementsFile } from '../codex/managed-hooks.ts'
import type { Host } from '../codex/types.ts'
import { type Machine, readMachine } from './machine.ts'

/** How our hooks stand in Codex's files, by event. */
export type HookLook = ReadonlyMap<string, HookStanding>

const maxBytes = 4_000_000

/**
 * Looks whether Codex runs our hooks as their files are now; a millisecond, and Codex is not started for it.
 *
 * Codex itself looks only when a thread starts (a new session, a resume, a fork), and goes on with what it saw. So a
 * thread runs what these files held then, and this look tells what the next thread will run. SessionStart keeps its own
 * look in the live record, which comes as near to Codex's as a hook can: between the start of a thread and its first turn the
 * files can still change, which nobody sees. Where a hook runs although this look denies it, the look says nothing about that
 * thread; `stopHeld` knows that.
 *
 * Source: hooks.json and config.toml in CODEX_HOME, requirements.toml, and machine.json for the commands; for Claude Code its
 * settings.json (which it reads again in the middle of a session, unless a hook refuses that; measured on 2.1.332).
 * Codes: those of readMachine, hooks-unknown (a file in their place that cannot be read, or machine.json names no hooks).
 */
export function lookAtHooks(env: Env, host: Host = 'codex'): Result<HookLook> {
  const machine = readMachine(env.home)
  if (!machine.ok) return machine
  if (host === 'claude') return lookAtSettings(env, machine.value)
  const commands = new Map(machine.value.hooks.map(({ event, command }) => [event, command] as const))
  if (!commands.has('Stop')) return fail('hooks-unknown', 'machine.json names no Stop hook')
  const hooksFile = path.join(realPath(env.codexHome), 'hooks.json')
  const hooks = optional(hooksFile)
  if (!hooks.ok) return hooks
  const config = optional(path.join(env.codexHome, 'config.toml'))
  if (!config.ok) return config
  return hookStandings(
    { hooksFile, hooks: hooks.value, config: config.value, managed: isManagedIn(requirementsFile) },
    commands,
  )
}

function lookAtSettings(env: Env, { claude }: Machine): Result<HookLook> {
  if (claude === undefined) return fail('hooks-unknown', 'machine.json names no hooks of Claude Code')
  const settings = optional(settingsFile(env.vars))
  if (!settings.ok) return settings
  return ok(settingsStandings(settings.value, new Map(claude.hooks.map((one) => [one.event, one.command]))))
}

function optional(file: string): Result<string | null> {
  const text = readTextSafe(file, { maxBytes, follow: true })
  if (text.ok) return text
  return text.error.code === 'missing' ? ok(null) : fail('hooks-unknown', text.error.message)
}
