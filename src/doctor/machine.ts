import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { whyFailed } from '../codex/own-words.ts'
import { shellQuote } from '../base/shell-word.ts'
import { sha256 } from '../base/hash.ts'
import { readFileSafe } from '../base/read-file.ts'
import { isWritable } from '../ledger/home.ts'
import { skillDirectory } from '../setup/files.ts'
import { checkPlaces } from '../records/places.ts'
import { cliShimPath } from '../setup/shim.ts'
import { type Check, type Checks, failed, failedWith, passed } from './check.ts'
import type { DoctorLook } from './look.ts'

const fix = 'autonomous-loop bootstrap --trust'

export function machineChecks(look: DoctorLook): Checks {
  return {
    cli_on_path: commandLine(look),
    machine_config: machineConfig(look),
    global_skill: globalSkill(look),
    codex_version_drift: versionDrift(look),
  }
}

/** Agents are told the absolute path; PATH is a convenience for people. */
function commandLine({ context, machine }: DoctorLook): Check {
  const { home, vars } = context.env
  const file = cliShimPath(home)
  const run = spawnSync(file, ['version'], {
    encoding: 'utf8',
    timeout: 20_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (run.status !== 0) {
    return failed(`${file} does not run: ${whyFailed(run)}`, fix, { path: file })
  }
  const onPath = (vars['PATH'] ?? '')
    .split(path.delimiter)
    .map((dir) => path.join(dir, 'autonomous-loop'))
    .find((each) => path.isAbsolute(each) && fs.existsSync(each))
  return passed({ path: file, on_path: onPath ?? null, version: machine.ok ? machine.value.version : null })
}

function machineConfig({ context, machine, assets }: DoctorLook): Check {
  const { env } = context
  if (!machine.ok) return failedWith(machine.error, fix)
  const { node, version, stopTimeoutSeconds } = machine.value
  const data = { version, node, stop_timeout_seconds: stopTimeoutSeconds }
  const places = checkPlaces(env, node, null)
  if (!places.ok) return { ...failedWith(places.error, fix), ...data }
  if (!fs.existsSync(node)) return failed(`node is gone from ${node}`, fix, data)
  if (machine.value.codexHome !== env.codexHome)
    return failed(`the home was set up for ${machine.value.codexHome}, not for ${env.codexHome}`, fix, data)
  if ((fs.statSync(env.home).mode & 0o022) !== 0)
    return failed(`${env.home} can be written by other users`, `chmod 700 ${shellQuote(env.home)}`, data)
  if (!isWritable(env.home))
    return failed(`${env.home} cannot be written from here`, 'run it outside of Codex', data)
  if (assets.ok && assets.value.version !== version)
    return failed(`version ${version} is installed, and this is ${assets.value.version}`, fix, data)
  return passed(data)
}

function globalSkill({ context, machine }: DoctorLook): Check {
  const file = path.join(skillDirectory(context.env.codexHome), 'SKILL.md')
  const present = readFileSafe(file, { maxBytes: 4_000_000 })
  if (!present.ok) return failed(present.error.message, fix, { path: file })
  const ours = machine.ok ? machine.value.files[file] : undefined
  // A changed one is the user's business; it is said, not called an error.
  return passed({ path: file, changed: ours !== sha256(present.value) })
}

function versionDrift({ machine, codex }: DoctorLook): Check {
  if (!codex.ok) return failedWith(codex.error, 'npm install -g @openai/codex')
  const now = codex.value.version
  const then = machine.ok ? (machine.value.codex?.version ?? null) : null
  const data = { codex: codex.value.path, version: now, bootstrapped_with: then }
  return then === null || then === now
    ? passed(data)
    : failed(`Codex is ${now} now and was ${then} at bootstrap: its hooks may answer differently`, fix, data)
}
