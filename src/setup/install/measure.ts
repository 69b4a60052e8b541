import { setTimeout } from 'node:timers/promises'
import { parseProjectConfig } from '../../contract/config.ts'
import { reachesOutside } from '../../contract/network.ts'
import type { Command } from '../../contract/types.ts'
import type { Context } from '../../records/context.ts'
import type { DetectedCommand } from '../../detect/detection.ts'
import { isInterrupt } from '../../gates/outcome.ts'
import { GateRow } from '../../gates/row.ts'
import type { GateResult } from '../../gates/types.ts'
import { tellingLines } from '../../verdict/words/telling-lines.ts'
import { type Measured, networkOf } from './measured.ts'
import { type ConfigVersion, projectConfigText } from './project-config.ts'
import { tryGate } from './try-gate.ts'

/** A Ctrl-C that has ended something else already is heard by then. */
const lateSignalMs = 100

/** A run that begins now. */
export interface RunAhead {
  readonly name: string
  /** Whether it reaches outside. */
  readonly network: boolean
  /** Null for a config of version 1, which has none. */
  readonly box: boolean | null
  /** As long as the same command took on the rung above; null on the first one. */
  readonly expectedMs: number | null
}

export interface MeasureRequest {
  readonly root: string
  readonly commands: readonly DetectedCommand[]
  /** Of the config that is made. */
  readonly version: ConfigVersion
  readonly abort: AbortSignal
  /** Called before each run. */
  readonly onRun: (run: RunAhead) => void
}

/**
 * Runs each command as a gate would be run, first without network; one that fails then with it, and
 * if that helped once more without, because the network may have been needed for a download only. Where it did not help, without the
 * box. One command's rung lowers no other's. Sequential
 * and in order, because a build may have to come before its tests. What the commands write stays where they are not sealed (version 1).
 * Null: interrupted.
 */
export async function measure(context: Context, request: MeasureRequest): Promise<Measured[] | null> {
  const results: Measured[] = []
  // Somebody has to listen between two commands too, or Ctrl-C there would end us without a word.
  const listening = (): void => undefined
  const row = new GateRow()
  request.abort.addEventListener('abort', listening)
  for (const command of asGates(request.commands, request.version)) {
    const measured = await measureOne(context, { ...request, row }, command)
    if (measured === null) break
    results.push(measured)
  }
  row.end()
  request.abort.removeEventListener('abort', listening)
  return results.length === request.commands.length ? results : null
}

/** The commands as the new config makes gates of them. */
export function asGates(commands: readonly DetectedCommand[], version: ConfigVersion): Command[] {
  const config = parseProjectConfig(projectConfigText(commands, version), 'the new config')
  if (!config.ok) throw new Error(`a config of ours is not valid: ${JSON.stringify(config.error)}`)
  return Object.values(config.value.commands)
}

type InRow = MeasureRequest & { readonly row: GateRow }

async function measureOne(context: Context, request: InRow, command: Command): Promise<Measured | null> {
  const { narrow, wide } = networkOf[request.version]
  const alone = await run(context, request, { ...command, network: narrow }, null)
  if (await isInterrupted(alone, request)) return null
  if (alone.outcome.kind === 'passed') return passed('passes', alone, narrow, null)
  if (alone.outcome.kind !== 'failed') return notPassed(alone)
  const online = await run(context, request, { ...command, network: wide }, alone.durationMs)
  if (await isInterrupted(online, request)) return null
  if (online.outcome.kind !== 'passed') return measureAsVersion1(context, request, command, alone)
  const again = await run(context, request, { ...command, network: narrow }, online.durationMs)
  if (await isInterrupted(again, request)) return null
  const why = whyNot(alone)
  return again.outcome.kind === 'passed'
    ? passed('passes-after-download', again, narrow, why)
    : passed('passes-with-network', online, wide, why)
}

/** The last rungs: without the box, which version 1 never had. What the command writes there stays. */
async function measureAsVersion1(
  context: Context,
  request: InRow,
  command: Command,
  alone: GateResult,
): Promise<Measured | null> {
  if (request.version === 2)
    for (const network of [false, true]) {
      const tried = await run(context, request, { ...command, box: false, network }, alone.durationMs)
      if (await isInterrupted(tried, request)) return null
      if (tried.outcome.kind === 'passed') return passed('passes-as-version-1', tried, network, whyNot(alone))
    }
  // Its first failure is what a gate would show; the others only say that the network and the box are not to blame.
  return notPassed(alone)
}

/** Ctrl-C reaches the command as well, and what that makes of it may be known before we hear of it ourselves. */
async function isInterrupted({ outcome }: GateResult, request: MeasureRequest): Promise<boolean> {
  // It may have ended a helper that the command was waiting for, too.
  if (outcome.kind === 'could-not-run')
    await setTimeout(lateSignalMs, undefined, { signal: request.abort }).catch(() => undefined)
  return (
    request.abort.aborted ||
    (outcome.kind === 'failed' &&
      (outcome.cause === 'killed' || isInterrupt({ code: outcome.exitCode, signal: outcome.signal })))
  )
}

function passed(
  outcome: Measured['outcome'],
  { name, durationMs }: GateResult,
  network: Command['network'],
  above: string | null,
): Measured {
  return { name, outcome, durationMs, detail: null, network, above }
}

function notPassed(result: GateResult): Measured {
  const { name, durationMs } = result
  const outcome = result.outcome.kind === 'could-not-run' ? 'could-not-run' : 'fails'
  return { name, outcome, durationMs, detail: whyNot(result), network: null, above: null }
}

/** How it ended, with the lines that say most. */
function whyNot({ outcome, tail }: GateResult): string {
  if (outcome.kind === 'passed') return 'it passed'
  if (outcome.kind === 'could-not-run') return outcome.why
  const how = outcome.cause === 'exit' ? `exit code ${outcome.exitCode}` : outcome.cause
  const told = tellingLines(tail, 8).join('\n').slice(0, 600)
  return told === '' ? how : `${how}: ${told}`
}

function run(
  context: Context,
  request: InRow,
  command: Command,
  expectedMs: number | null,
): Promise<GateResult> {
  const network = reachesOutside(command.network)
  const box = request.version === 1 ? null : command.box !== false
  request.onRun({ name: command.name, network, box, expectedMs })
  return tryGate(context, { root: request.root, row: request.row }, command, request.abort)
}
