import fs from 'node:fs'
import path from 'node:path'
import { configFix } from '../codex/config-file.ts'
import { codexVersion } from '../codex/find-codex.ts'
import { runningCodexes } from '../codex/running.ts'
import { type ListedHook, runs, stateOf } from '../codex/trust.ts'
import { type Check, type Checks, failed, failedWith, passed } from './check.ts'
import { cleanRoom, gateBox, gateSandbox } from './gate-place.ts'
import type { DoctorLook } from './look.ts'
import { preparePrograms } from './prepare-programs.ts'

export function codexChecks(look: DoctorLook): Checks {
  return {
    plan_tool: planTool(look),
    competing_stop_hooks: competing(look),
    active_goal: activeGoal(look),
    project_trust: projectTrust(look),
    running_codex: runningVersions(look),
    gate_sandbox: gateSandbox(look),
    gate_box: gateBox(look),
    clean_room: cleanRoom(look),
    prepare_programs: preparePrograms(look),
  }
}

/** A goal makes Codex begin turn after turn by itself, beside the contract. */
function activeGoal({ authorities, context }: DoctorLook): Check {
  if (!authorities.ok) return failedWith(authorities.error, configFix(authorities.error, context.env))
  const { goals } = authorities.value
  return goals.length === 0
    ? passed()
    : failed(
        `Codex pursues a goal of its own in ${goals.join(', ')}: it begins a new turn after each stop, also after a release (a halt or a park pauses it)`,
        'pause it in Codex: /goal pause',
        { sessions: goals },
      )
}

/** Without trust Codex reads neither config nor hooks of the repository. Only worth a word where there are some. */
function projectTrust({ authorities, root, context }: DoctorLook): Check {
  const own = ['config.toml', 'hooks.json'].filter((name) => fs.existsSync(path.join(root, '.codex', name)))
  if (!authorities.ok)
    return own.length === 0
      ? passed()
      : failedWith(authorities.error, configFix(authorities.error, context.env))
  const { trusted } = authorities.value
  return trusted === true || own.length === 0
    ? passed({ trusted })
    : failed(
        `Codex does not trust ${root}, so it ignores .codex/${own.join(' and .codex/')} there`,
        'start codex there and trust the directory',
        { trusted },
      )
}

/** A Codex that was started before an upgrade, such as the daemon, goes on with what it was. */
function runningVersions({ context, codex }: DoctorLook): Check {
  const all = runningCodexes(context.env)
  const seen = all.map((one) => {
    const known = one.replaced ? null : codexVersion(one.exe, context.env.vars)
    return { ...one, version: known?.ok ? known.value : null }
  })
  const data = {
    running: seen.map(({ pid, exe, cwd, version, daemon }) => ({ pid, exe, cwd, version, daemon })),
  }
  if (!codex.ok) return failedWith(codex.error, 'npm install -g @openai/codex')
  const other = seen.filter(
    (one) => one.replaced || (one.version ?? codex.value.version) !== codex.value.version,
  )
  if (other.length === 0) return passed(data)
  const named = other.map(
    ({ pid, version, daemon }) =>
      `${daemon ? 'the daemon ' : ''}${pid} (${version ?? 'its binary was replaced'})`,
  )
  return failed(
    `codex on PATH is ${codex.value.version}, but what runs is another: ${named.join(', ')}`,
    other.some(({ daemon }) => daemon)
      ? 'codex app-server daemon restart'
      : 'end these sessions and start them again',
    data,
  )
}

function planTool({ word, context }: DoctorLook): Check {
  if (!word.ok) return failedWith(word.error, configFix(word.error, context.env))
  return word.value.planTool === true
    ? passed()
    : failed(
        'current models get no plan tool, so an unfinished plan holds nobody',
        `add to ${context.env.codexHome}/config.toml: [tools.update_plan] enabled = true`,
        { enabled: word.value.planTool },
      )
}

/** Other hooks that answer at a stop: one that ends the turn wins over our block. */
function competing({ word, context }: DoctorLook): Check {
  if (!word.ok) return failedWith(word.error, configFix(word.error, context.env))
  const ours = new Set(word.value.ours.map(({ hook }) => hook?.key))
  const all = word.value.listing.hooks.filter((hook) => hook.event === 'Stop' && !ours.has(hook.key))
  const others = all.filter(runs)
  const named = (hooks: readonly ListedHook[]) =>
    hooks.map((hook) => ({ key: hook.key, command: hook.command, from: originOf(hook) }))
  // Switched off one by one, they answer nothing; whoever switches them on again should know them.
  const off = all.filter((hook) => stateOf(hook) === 'disabled')
  const data = { hooks: named(others), disabled: named(off) }
  return others.length === 0
    ? passed(data)
    : failed(
        `other hooks answer at a stop (${others.map((hook) => `${originOf(hook)}: ${hook.command ?? hook.key}`).join('; ')}); one that says continue:false ends the turn whatever we answer`,
        'look at them in Codex: /hooks',
        data,
      )
}

/** Whose hook it is: Codex's word for the place, or the plugin. */
function originOf(hook: ListedHook): string {
  if (hook.managed) return 'managed'
  if (hook.plugin !== null) return `plugin ${hook.plugin}`
  return hook.source === '' ? hook.sourcePath : hook.source
}
