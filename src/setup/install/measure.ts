import { setTimeout } from 'node:timers/promises'
import { parseProjectConfig } from '../../contract/config.ts'
import { reachesOutside } from '../../contract/network.ts'
import type { Command } from '../../contract/types.ts'
import type { Context } from '../../records/context.ts'
import { safeGatePath } from '../../gates/gate-path.ts'
import { isInterrupt } from '../../gates/outcome.ts'
import { GateRow } from '../../gates/row.ts'
import { takeApart } from '../../definition/steps/take-apart.ts'
import { Workspace } from '../../definition/workspace.ts'
import { runGate } from '../../gates/run-gate.ts'
import { runSteps } from '../../gates/run-steps.ts'
import type { GateResult } from '../../gates/types.ts'
import { repositoryLauncher } from '../../records/sandbox-launcher.ts'
import { type ConfigVersion, projectConfigText } from './project-config.ts'
import type { DetectedCommand } from '../../detect/detection.ts'

/** `passes-after-download`: it needed the network once, and what it took from there is enough from now on. */
type Outcome = 'passes' | 'passes-after-download' | 'passes-with-network' | 'fails' | 'could-not-run'

/** A Ctrl-C that has ended something else already is heard by then. */
const lateSignalMs = 100

/** Without the outside, and with it. Loopback belongs to the network in version 1: Codex's sandbox gives both or neither. */
const networkOf = {
  1: { narrow: false, wide: true },
  2: { narrow: 'loopback', wide: 'full' },
} as const

/** What running a command in the gate sandbox showed. */
export interface Measured {
  readonly name: string
  readonly outcome: Outcome
  /** Of the run that decided. */
  readonly durationMs: number
  /** Why it failed or could not run, with the last lines; null when it passed. */
  readonly detail: string | null
}

export interface MeasureRequest {
  readonly root: string
  readonly commands: readonly DetectedCommand[]
  /** Of the config that is made. */
  readonly version: ConfigVersion
  readonly abort: AbortSignal
  /** Called before each run. */
  readonly onRun: (name: string, network: boolean) => void
}

/**
 * Runs each command as a gate would be run, first without network; one that fails then with it, and
 * if that helped once more without, because the network may have been needed for a download only. Sequential
 * and in order, because a build may have to come before its tests. What the commands write stays where they are not sealed (version 1).
 * Null: interrupted.
 */
export async function measure(context: Context, request: MeasureRequest): Promise<Measured[] | null> {
  const config = parseProjectConfig(projectConfigText(request.commands, request.version), 'the new config')
  if (!config.ok) throw new Error(`a config of ours is not valid: ${JSON.stringify(config.error)}`)
  const results: Measured[] = []
  // Somebody has to listen between two commands too, or Ctrl-C there would end us without a word.
  const listening = (): void => undefined
  const row = new GateRow()
  request.abort.addEventListener('abort', listening)
  for (const command of Object.values(config.value.commands)) {
    const measured = await measureOne(context, { ...request, row }, command)
    if (measured === null) break
    results.push(measured)
  }
  row.end()
  request.abort.removeEventListener('abort', listening)
  return results.length === request.commands.length ? results : null
}

type InRow = MeasureRequest & { readonly row: GateRow }

async function measureOne(context: Context, request: InRow, command: Command): Promise<Measured | null> {
  const { name } = command
  const { narrow, wide } = networkOf[request.version]
  const alone = await run(context, request, { ...command, network: narrow })
  if (await isInterrupted(alone, request)) return null
  if (alone.outcome.kind !== 'failed') return conclude(name, alone, 'passes')
  const online = await run(context, request, { ...command, network: wide })
  if (await isInterrupted(online, request)) return null
  // Its first failure is what a gate would show; the second only says that the network is not to blame.
  if (online.outcome.kind !== 'passed') return conclude(name, alone, 'passes')
  const again = await run(context, request, { ...command, network: narrow })
  if (await isInterrupted(again, request)) return null
  return again.outcome.kind === 'passed'
    ? conclude(name, again, 'passes-after-download')
    : conclude(name, online, 'passes-with-network')
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

function conclude(name: string, result: GateResult, passed: Outcome): Measured {
  const { outcome, durationMs } = result
  if (outcome.kind === 'passed') return { name, outcome: passed, durationMs, detail: null }
  if (outcome.kind === 'could-not-run')
    return { name, outcome: 'could-not-run', durationMs, detail: outcome.why }
  const how = outcome.cause === 'exit' ? `exit code ${outcome.exitCode}` : outcome.cause
  const last = result.tail.trimEnd().split('\n').slice(-3).join('\n').slice(-300)
  return { name, outcome: 'fails', durationMs, detail: last === '' ? how : `${how}: ${last}` }
}

async function run(context: Context, request: InRow, command: Command): Promise<GateResult> {
  request.onRun(command.name, reachesOutside(command.network))
  const made = takeApart(command, new Workspace(request.root))
  if (made.kind !== 'steps' || typeof command.network === 'boolean') return runOne(context, request, command)
  const row = new GateRow(request.row)
  const start = (one: Command): Promise<GateResult> => runOne(context, { ...request, row }, one)
  const result = await runSteps({
    command,
    steps: made.steps,
    run: start,
    between: async () => ({ kind: 'go-on' }),
  })
  row.end(result.outcome.kind === 'passed' ? command.keeps : [])
  return result
}

function runOne(context: Context, request: InRow, command: Command): Promise<GateResult> {
  const { env } = context
  return runGate({
    command,
    root: request.root,
    launch: repositoryLauncher(context, request.root, null),
    vars: env.vars,
    gatePath: safeGatePath(env.vars['PATH'] ?? '', { root: request.root, tmpDir: env.tmpDir }),
    runId: `measure-${context.newId()}`,
    logFile: null,
    maxLogBytes: 0,
    headBytes: 0,
    tailBytes: 4000,
    abort: request.abort,
    row: request.row,
    loadPty: () => Promise.reject(new Error('no detected command wants a terminal')),
  })
}

/** The commands with what was measured written into them, and what a person should know. */
export function withMeasured(
  commands: readonly DetectedCommand[],
  measured: readonly Measured[],
  version: ConfigVersion,
): { readonly commands: readonly DetectedCommand[]; readonly notes: readonly string[] } {
  const { narrow, wide } = networkOf[version]
  const of = new Map(measured.map((one) => [one.name, one]))
  return {
    commands: commands.map((command) => {
      const outcome = of.get(command.name)?.outcome
      return outcome === undefined || outcome === 'fails' || outcome === 'could-not-run'
        ? command
        : { ...command, network: outcome === 'passes-with-network' ? wide : narrow }
    }),
    notes: measured.flatMap((one) => {
      if (one.outcome === 'passes') return []
      if (one.outcome === 'passes-after-download')
        return [`${one.name} needed the network once, for what it downloaded; it is not granted`]
      if (one.outcome === 'passes-with-network')
        return [
          `${one.name} needs the network${version === 1 ? ' (or loopback)' : ''}: it is granted to this command`,
        ]
      const why = one.outcome === 'fails' ? 'fails here now, with and without network' : 'could not run'
      return [`${one.name} ${why}: ${one.detail}`]
    }),
  }
}
