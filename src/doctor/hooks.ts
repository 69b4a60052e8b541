import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { whyFailed } from '../codex/own-words.ts'
import { readTextSafe } from '../base/read-file.ts'
import { hookShell } from '../codex/hook-shell.ts'
import { isSupervised, supervisedVariable } from '../codex/session.ts'
import { configFix, isConfigWritable } from '../codex/config-file.ts'
import { readHooksFile } from '../codex/hooks-file/file.ts'
import { mergeHooks } from '../codex/hooks-file/json.ts'
import { trustLines } from '../codex/trust.ts'
import { byHandFix, inBothFiles } from '../setup/codex-word.ts'
import { systemPlaces } from '../setup/managed/places.ts'
import { installedRecord, ourGroups } from '../setup/groups.ts'
import { hookCommand, renderHookShim, shimPath } from '../setup/shim.ts'
import { type Check, type Checks, failed, failedWith, passed, skipped } from './check.ts'
import type { DoctorLook } from './look.ts'

const fix = 'autonomous-loop bootstrap --trust'

export function hookChecks(look: DoctorLook): Checks {
  return {
    global_hooks: globalHooks(look),
    one_hooks_file: oneHooksFile(look),
    hook_shim: hookShim(look),
    enforced: enforced(look),
  }
}

/** What merging would still change is what is missing. */
function globalHooks({ context, hooksFile, machine, managed }: DoctorLook): Check {
  if (managed) return managedHooks(hooksFile)
  const text = readTextSafe(hooksFile, { maxBytes: 8_000_000, follow: true })
  if (!text.ok) return failed(text.error.message, fix, { path: hooksFile })
  const seconds = machine.ok ? machine.value.stopTimeoutSeconds : null
  const groups = ourGroups(context.env.home, seconds ?? 3600)
  const record = installedRecord(machine.ok ? machine.value.hooksInstalled : null)
  const merged = mergeHooks(text.value, groups, record)
  if (!merged.ok) return { ...failedWith(merged.error, `correct ${hooksFile} by hand`), path: hooksFile }
  const data = { path: hooksFile, events: groups.map(({ event }) => event) }
  if (merged.value.changed)
    return failed(`${hooksFile} does not hold our hooks as bootstrap writes them`, fix, data)
  const [legacy] = merged.value.legacy
  return legacy
    ? failed(
        `${hooksFile} also calls the original autonomous-loop at ${legacy.event}: every stop is judged twice`,
        `remove the hook ${JSON.stringify(legacy.command)} from ${hooksFile}`,
        data,
      )
    : passed(data)
}

function oneHooksFile({ word, hooksFile, context }: DoctorLook): Check {
  if (!word.ok) return skipped('Codex could not be asked (see enforced)')
  const both = inBothFiles(word.value.listing, hooksFile, context.env)
  return both === null ? passed() : failed(both.reason, both.fix)
}

/** With an administrator's hooks, ours in hooks.json would say everything twice. */
function managedHooks(hooksFile: string): Check {
  const text = readTextSafe(hooksFile, { maxBytes: 8_000_000, follow: true })
  const read = text.ok ? readHooksFile(text.value) : text
  const own = read.ok && read.value.groups.some((group) => group.ours)
  const data = { managed: true, path: systemPlaces.requirements }
  return own
    ? failed(
        `${hooksFile} holds our hooks as well, so everything is said twice`,
        'autonomous-loop bootstrap',
        data,
      )
    : passed(data)
}

/** Runs the shim exactly as Codex does, for a session that cannot exist; only complete silence is right. */
function hookShim({ context, assets, machine }: DoctorLook): Check {
  const { env } = context
  const command = hookCommand(env.home, 'Stop')
  const shell = hookShell()
  const data = { command, shell }
  // Silence is what it is asked for below, so this would look right.
  if (isSupervised(env.vars))
    return failed(
      `${supervisedVariable} is set here, so hooks are silent in whatever is started from here`,
      `unset ${supervisedVariable}`,
      data,
    )
  const payload = {
    session_id: randomUUID(),
    turn_id: 'doctor',
    transcript_path: null,
    cwd: env.cwd,
    hook_event_name: 'Stop',
    model: 'none',
    permission_mode: 'default',
    stop_hook_active: false,
    last_assistant_message: null,
  }
  // Through a real pipe, as Codex does: node's is a socket, and bash then reads other start-up files than it would there.
  const pipe = 'printf %s "$1" | "$2" -c "$3"'
  const run = spawnSync('/bin/sh', ['-c', pipe, 'sh', JSON.stringify(payload), shell, command], {
    encoding: 'utf8',
    env: { ...env.vars },
    cwd: env.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
    killSignal: 'SIGKILL',
  })
  const missing = !fs.existsSync(shimPath(env.home))
  if (missing || run.status !== 0) return failed(`the hook does not run: ${whyFailed(run)}`, fix, data)
  if (run.stdout !== '') {
    const seen = JSON.stringify(run.stdout.slice(0, 200))
    return failed(
      `something else prints into the hook's answer (${seen}), so Codex ignores every answer`,
      startUpFix(env.vars),
      data,
    )
  }
  if (!assets.ok || !machine.ok || assets.value.version !== machine.value.version) return passed(data)
  const template = path.join(assets.value.hooksDir, 'hook.sh')
  const { node, codexHome, version } = machine.value
  const wanted = renderHookShim(fs.readFileSync(template, 'utf8'), {
    node,
    home: env.home,
    codexHome,
    version,
    uid: env.uid,
  })
  const present = readTextSafe(shimPath(env.home), { maxBytes: 1_000_000 })
  return present.ok && present.value === wanted
    ? passed(data)
    : failed(`${shimPath(env.home)} is not what bootstrap wrote`, fix, data)
}

function startUpFix(vars: Readonly<Record<string, string | undefined>>): string {
  const file =
    vars['BASH_ENV'] ?? (hookShell().endsWith('zsh') ? '~/.zshenv' : 'the start-up file of your shell')
  return `make ${file} print nothing when it is read by a shell that is not interactive`
}

/** Codex's own word. */
function enforced({ word, context }: DoctorLook): Check {
  if (!word.ok) return failedWith(word.error, configFix(word.error, context.env))
  const { ours, listing, hooksOn, all } = word.value
  const states = new Set(ours.map(({ state }) => state))
  const data = {
    // `managed`: an administrator's, nobody can switch them off; `trusted`: this user's.
    by: states.size === 1 ? [...states][0] : 'mixed',
    hooks: ours.map(({ event, state, hook }) => ({ event, trust: state, key: hook?.key ?? null })),
    warnings: listing.warnings,
  }
  if (all) return passed(data)
  if (!hooksOn)
    return failed('hooks are switched off in Codex as a whole', 'codex features enable hooks', data)
  const idle = ours.filter(({ state }) => state !== 'trusted' && state !== 'managed')
  const untrusted = idle.flatMap(({ state, hook }) =>
    hook !== null && (state === 'untrusted' || state === 'modified') ? [hook] : [],
  )
  const unwritable = untrusted.length > 0 && !isConfigWritable(context.env)
  const byPerson = idle.every(({ state }) => state === 'disabled')
  return failed(
    `Codex does not run: ${idle.map(({ event, state }) => `${event} (${state})`).join(', ')}`,
    byPerson ? 'enable them in Codex: /hooks' : unwritable ? byHandFix(context.env) : fix,
    unwritable ? { ...data, by_hand: trustLines(untrusted) } : data,
  )
}
