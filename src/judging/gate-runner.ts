import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import type { ProcessId } from '../base/process-id.ts'
import type { Command } from '../contract/types.ts'
import type { Context } from '../records/context.ts'
import { readMachine } from '../records/machine.ts'
import { runGate } from '../gates/run-gate.ts'
import { runProfile } from '../gates/run-profile.ts'
import { directLaunch } from '../gates/starter.ts'
import type { GateResult, Launcher } from '../gates/types.ts'
import { sessionPaths } from '../ledger/paths.ts'
import type { RunState } from '../ledger/state.ts'
import type { Eyes } from './eyes.ts'
import { withRenewedPath } from '../control/gate-not-found.ts'
import { sandboxLauncher } from '../records/sandbox-launcher.ts'

const maxLogBytes = 50_000_000
const headBytes = 2_000
const tailBytes = 8_000

/** One command of the list that is run. */
export interface WatchedGate {
  readonly name: string
  /** Its place in the list, from 1. */
  readonly nth: number
  readonly of: number
}

/** Whoever wants to say meanwhile what runs. */
export interface GateWatch {
  began(gate: WatchedGate): void
  ended(gate: WatchedGate): void
}

/** Runs a list of approved commands of this run, in the sandbox unless the approved config says otherwise. */
export function gateRunner(
  context: Context,
  run: RunState,
  parts: {
    readonly codex: ProcessId | null
    readonly abort: AbortSignal
    readonly logs: boolean
    /** Instead of the sandbox: for a caller that is in one already. */
    readonly launch?: Launcher
    readonly watch?: GateWatch
  },
): Eyes['runGates'] {
  const { env } = context
  const ready = prepared(() => {
    const machine = readMachine(env.home)
    const off = run.contract.policy.sandbox === 'off'
    return {
      nodePty: machine.ok ? machine.value.nodePty : null,
      launch: parts.launch ?? (off ? directLaunch : sandboxLauncher(context, run, parts.codex)),
    }
  })
  const { gates } = sessionPaths(env.home, run.activation.sessionId)
  const logs = parts.logs && makeDirectory(gates)
  return (commands, between) => {
    const runOne = async (command: Command): Promise<GateResult> => {
      const gate = { name: command.name, nth: commands.indexOf(command) + 1, of: commands.length }
      parts.watch?.began(gate)
      const result = await runGate({
        command,
        root: run.activation.repoRoot,
        launch: ready().launch,
        vars: env.vars,
        gatePath: run.activation.gatePath,
        runId: run.runId,
        logFile: logs
          ? path.join(gates, `${run.stops + 1}-${command.name.replaceAll(/[^\w.-]/g, '_')}.log`)
          : null,
        maxLogBytes,
        headBytes,
        tailBytes,
        abort: parts.abort,
        loadPty: () => loadPty(ready().nodePty),
      })
      parts.watch?.ended(gate)
      return withRenewedPath(env.home, run.activation, command, result)
    }
    return runProfile(commands, runOne, between ? { between } : {})
  }
}

/** Made when it is needed, or before that while the process waits for something else (git, as a rule). */
function prepared<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  const get = (): Value => (made ??= { value: make() }).value
  setImmediate(get)
  return get
}

/** Gates are judged without a log where none can be kept (a full disk). */
function makeDirectory(dir: string): boolean {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    return true
  } catch {
    return false
  }
}

/** node-pty as bootstrap copied it beside our bundle, never from a project's node_modules. */
async function loadPty(directory: string | null | undefined): Promise<unknown> {
  if (!directory) throw new Error('node-pty is not installed')
  return createRequire(path.join(directory, 'package.json'))(directory)
}
