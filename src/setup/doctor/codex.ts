import { spawnSync } from 'node:child_process'
import { runs } from '../../codex/trust.ts'
import { sandboxLaunch } from '../../codex/sandbox.ts'
import { homePaths } from '../../ledger/paths.ts'
import { type Check, type Checks, failed, failedWith, passed } from './check.ts'
import type { Look } from './look.ts'

export function codexChecks(look: Look): Checks {
  return {
    plan_tool: planTool(look),
    competing_stop_hooks: competing(look),
    gate_sandbox: gateSandbox(look),
  }
}

function planTool({ word, context }: Look): Check {
  if (!word.ok)
    return word.error.code === 'codex-too-old' ? passed() : failedWith(word.error, 'autonomous-loop doctor')
  return word.value.planTool === true
    ? passed()
    : failed(
        'current models get no plan tool, so an unfinished plan holds nobody',
        `add to ${context.env.codexHome}/config.toml: [tools.update_plan] enabled = true`,
        { enabled: word.value.planTool },
      )
}

/** Other hooks that answer at a stop: one that ends the turn wins over our block. */
function competing({ word }: Look): Check {
  if (!word.ok)
    return word.error.code === 'codex-too-old' ? passed() : failedWith(word.error, 'autonomous-loop doctor')
  const ours = new Set(word.value.ours.map(({ hook }) => hook?.key))
  const others = word.value.listing.hooks.filter(
    (hook) => hook.event === 'Stop' && !ours.has(hook.key) && runs(hook),
  )
  const data = { hooks: others.map(({ key, command }) => ({ key, command })) }
  return others.length === 0
    ? passed(data)
    : failed(
        `${others.length} other hooks answer at a stop; one that says continue:false ends the turn whatever we answer`,
        'look at them in Codex: /hooks',
        data,
      )
}

/** Runs `true` as a gate would be run. */
function gateSandbox({ codex, context, root }: Look): Check {
  const { env } = context
  if (!codex.ok) return failedWith(codex.error, 'npm install -g @openai/codex')
  const launch = sandboxLaunch({
    codexBin: codex.value.native,
    codexVersion: codex.value.version,
    sandboxCodexHome: homePaths(env.home).sandboxHome,
    root,
    argv: ['true'],
    writable: [],
    protectedDirs: [env.home, env.codexHome],
    network: false,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: env.vars['HOME'] ?? '/' },
  })
  if (!launch.ok) return failedWith(launch.error, 'autonomous-loop bootstrap')
  const [file, ...args] = launch.value.argv
  const run = spawnSync(file ?? '', args, {
    cwd: root,
    env: { ...launch.value.env },
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (run.status === 0) return passed()
  const why = (run.error?.message ?? run.stderr ?? '').trim().slice(0, 500)
  return failed(
    `Codex's sandbox does not run here, so gates cannot: ${why}`,
    'codex sandbox -- true   (its message says what the system lacks)',
  )
}
