import { isObject, parseJson } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import { capIn, capVariable, defaultCap, liftCap } from '../claude/block-cap.ts'
import { findClaude } from '../claude/find-claude.ts'
import { type MergedSettings, mergeSettings } from '../claude/settings-text.ts'
import { installedSettings } from '../setup/claude/installed.ts'
import { tryHooks } from '../setup/claude/try-hooks.ts'
import { claudeGroups } from '../setup/groups.ts'
import { type Check, type Checks, failed, failedWith, passed, skipped } from './check.ts'
import type { DoctorLook } from './look.ts'

const fix = 'autonomous-loop bootstrap --claude'
const notSetUp = `Claude Code is not set up here: ${fix}`

/** Whether sessions of Claude Code are held, and what does not hold there. */
export function claudeChecks(look: DoctorLook): Checks {
  const machine = look.machine.ok ? look.machine.value : null
  if (machine?.claude === undefined) return { claude_hooks: skipped(notSetUp) }
  const { settings } = machine.claude
  const text = readTextSafe(settings, { maxBytes: 8_000_000, follow: true })
  const groups = claudeGroups(look.context.env.home, machine.stopTimeoutSeconds)
  // The cap is a check of its own.
  const lifted = text.ok ? (liftCap(text.value)?.text ?? text.value) : ''
  const merged = text.ok ? mergeSettings(lifted, groups, installedSettings(machine)) : text
  if (!merged.ok) return { claude_hooks: { ...failedWith(merged.error, fix), path: settings } }
  if (!text.ok) return {}
  const said = settingsOf(text.value)
  return {
    claude_hooks: hooks(look, merged.value, said, {
      path: settings,
      events: groups.map(({ event }) => event),
      stop_timeout_seconds: machine.stopTimeoutSeconds,
      // Measured: what a hook does not answer in time, or by crashing, Claude Code lets go.
      fails_open: true,
    }),
    claude_block_cap: blockCap(capIn(text.value), settings),
    claude_sandbox: sandbox(said, settings),
  }
}

function hooks(
  { context }: DoctorLook,
  merged: MergedSettings,
  said: Readonly<Record<string, unknown>>,
  data: Readonly<Record<string, unknown>> & { readonly path: string },
): Check {
  if (said['disableAllHooks'] === true)
    return failed(`${data.path} says disableAllHooks`, `take disableAllHooks out of ${data.path}`, data)
  if (merged.changed)
    return failed(`${data.path} does not hold our hooks as bootstrap writes them`, fix, data)
  const claude = findClaude(context.env)
  if (!claude.ok) return { ...failedWith(claude.error, fix), ...data }
  const fault = tryHooks(claude.value, context.env)
  const found = { ...data, version: claude.value.version }
  return fault === null ? passed(found) : failed(`Claude Code does not run our hooks: ${fault}`, fix, found)
}

function blockCap(cap: string | null, settings: string): Check {
  const data = { cap }
  if (cap === '0') return passed(data)
  return failed(
    `Claude Code lets a turn go after ${cap ?? defaultCap} blocks in a row without a tool call`,
    cap === null ? fix : `set ${capVariable} to "0" in the env of ${settings}`,
    data,
  )
}

/** Codex keeps its agent away from our records; Claude Code does so only where its own sandbox is on. */
function sandbox(said: Readonly<Record<string, unknown>>, settings: string): Check {
  const own = said['sandbox']
  return isObject(own) && own['enabled'] === true
    ? passed()
    : failed(
        "Claude Code runs its agent's commands without a sandbox, so it could write our records and hooks: docs/security.md says what then holds",
        `turn on its sandbox in ${settings}: "sandbox": {"enabled": true}`,
      )
}

function settingsOf(text: string): Readonly<Record<string, unknown>> {
  const json = parseJson(text, 'settings.json')
  return json.ok && isObject(json.value) ? json.value : {}
}
