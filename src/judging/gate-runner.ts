import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import type { Command } from '../contract/types.ts'
import { GateRow } from '../gates/row.ts'
import { runGate } from '../gates/run-gate.ts'
import { type TreeView, resolveCommand } from '../gates/resolve.ts'
import { trimLogs } from '../gates/trim-logs.ts'
import { runProfile } from '../gates/run-profile.ts'
import { runSteps } from '../gates/run-steps.ts'
import { runUntilSure } from '../gates/until-sure.ts'
import type { GateResult, Launcher } from '../gates/types.ts'
import type { RunState } from '../ledger/state.ts'
import { betweenSteps } from './between-steps.ts'
import type { GateGround } from './gate-ground.ts'
import type { RunGates } from './ports.ts'
import type { Doing, Watch } from './watch.ts'

const maxLogBytes = 50_000_000
const headBytes = 2_000
const tailBytes = 8_000

/** How the machine starts the gates of a run. */
export interface GateMachine {
  /** The sandbox, or nothing around the command where the approved config says so. */
  readonly launch: Launcher
  /** Where the tree that it shows lies; absent: at its own place. */
  readonly seen?: TreeView
  /** Where node-pty lies; null when there is none. */
  readonly nodePty: string | null
}

export interface GateRunnerParts {
  /** Made when it is needed, or before that while the process waits for something else. */
  readonly machine: () => GateMachine
  /** Environment of the caller; only what gates may have of it is handed on. */
  readonly vars: Readonly<Record<string, string | undefined>>
  readonly abort: AbortSignal
  /** Directory for their logs; null to keep none. */
  readonly logs: string | null
  readonly watch?: Watch
  /** Where the gates run, for whoever watches. Absent: in the workspace. */
  readonly place?: 'clean-room'
  /** Whether a gate of this name is known to pass: one that then fails may have failed by chance. Absent: nobody asks. */
  readonly isKnownToPass?: (name: string) => boolean
  /** Told at the end of what these gates keep, in layers that are removed behind it unless they were moved. */
  readonly onKept?: (results: readonly GateResult[], layers: readonly string[]) => void
  /** A last word about a result, such as where its program is found by now. */
  readonly finish?: (command: Command, result: GateResult) => GateResult
}

/** Starts one command of this run, or one step of it; `part` ends the name of its log. */
export type GateStarter = (command: Command, part: string, row: GateRow) => Promise<GateResult>

export function gateStarter(run: GateGround, parts: GateRunnerParts): GateStarter {
  const { repoRoot, gatePath } = run.activation
  const ready = prepared(parts.machine)
  const logs = parts.logs !== null && makeDirectory(parts.logs) ? parts.logs : null
  if (logs !== null) trimLogs(logs, run.stops + 1)
  const logOf = (name: string): string => `${run.stops + 1}-${name.replaceAll(/[^\w.-]/g, '_')}.log`
  return (command, part, row) => {
    const { launch, seen, nodePty } = ready()
    return runGate({
      command,
      root: repoRoot,
      launch,
      ...(seen ? { seen } : {}),
      vars: parts.vars,
      gatePath,
      runId: run.runId,
      logFile: logs === null ? null : path.join(logs, logOf(`${command.name}${part}`)),
      maxLogBytes,
      headBytes,
      tailBytes,
      abort: parts.abort,
      loadPty: () => loadPty(nodePty),
      row,
    })
  }
}

/** Runs lists of approved commands of this run. */
export function gateRunner(run: RunState, given: GateRunnerParts): RunGates {
  const { repoRoot, gatePath } = run.activation
  const parts = { ...given, machine: prepared(given.machine) }
  const start = gateStarter(run, parts)
  return async (commands, between) => {
    const row = new GateRow()
    const runOne = async (command: Command): Promise<GateResult> => {
      const doing: Doing = {
        kind: 'gate',
        name: command.name,
        nth: commands.indexOf(command) + 1,
        of: commands.length,
        ...(parts.place ? { place: parts.place } : {}),
      }
      parts.watch?.began(doing)
      const made = run.activation.steps?.[command.name]
      // A program that is not there is named as that of the whole command.
      const apart =
        made?.kind === 'steps' && resolveCommand(command, repoRoot, gatePath, parts.machine().seen).ok
      const once = async (nthRun: number): Promise<GateResult> => {
        // The same gate may run in the workspace at this stop, too.
        const part = `${parts.place ? '.room' : ''}${nthRun === 1 ? '' : `.run-${nthRun}`}`
        return apart
          ? await runSteps({
              command,
              steps: made.steps,
              outer: row,
              run: (one, nth, inRow) => start(one, `${part}.step-${nth}`, inRow),
              between: (inRow) => betweenSteps(run, inRow, command.parallel ? undefined : between),
            })
          : { ...(await start(command, part, row)), ...(made?.kind === 'mixed' ? { mixed: made.why } : {}) }
      }
      const result = await runUntilSure(once, parts.isKnownToPass?.(command.name) === true)
      parts.watch?.ended(doing)
      return parts.finish?.(command, result) ?? result
    }
    try {
      const results = await runProfile(commands, runOne, between ? { between: () => between('gates') } : {})
      parts.onKept?.(results, row.own)
      return results
    } finally {
      row.end()
    }
  }
}

/** Made before it is asked for while the process waits for something else (git, as a rule). */
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
async function loadPty(directory: string | null): Promise<unknown> {
  if (!directory) throw new Error('node-pty is not installed')
  return createRequire(path.join(directory, 'package.json'))(directory)
}
