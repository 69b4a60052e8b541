import type { Command } from '../../contract/types.ts'
import { takeApart } from '../../definition/steps/take-apart.ts'
import { Workspace } from '../../definition/workspace.ts'
import { safeGatePath } from '../../gates/gate-path.ts'
import type { GateRow } from '../../gates/row.ts'
import { runGate } from '../../gates/run-gate.ts'
import { runSteps } from '../../gates/run-steps.ts'
import type { GateResult } from '../../gates/types.ts'
import type { Context } from '../../records/context.ts'
import { repositoryLauncher } from '../../records/sandbox-launcher.ts'

/** Where a gate is tried, and what those before it keep for it. */
export interface TryPlace {
  readonly root: string
  readonly row: GateRow
}

/** Runs a command in a directory as a gate would be run there, step by step; nothing is recorded. */
export function tryGate(
  context: Context,
  place: TryPlace,
  command: Command,
  abort: AbortSignal,
): Promise<GateResult> {
  const start = (one: Command, row: GateRow): Promise<GateResult> =>
    runOne(context, { ...place, row }, one, abort)
  const made = takeApart(command, new Workspace(place.root))
  return made.kind === 'steps' && typeof command.network !== 'boolean'
    ? runSteps({
        command,
        steps: made.steps,
        outer: place.row,
        run: (one, _nth, row) => start(one, row),
        between: async () => ({ kind: 'go-on' }),
      })
    : start(command, place.row)
}

function runOne(
  context: Context,
  { root, row }: TryPlace,
  command: Command,
  abort: AbortSignal,
): Promise<GateResult> {
  const { env } = context
  return runGate({
    command,
    root,
    launch: repositoryLauncher(context, root, null),
    vars: env.vars,
    gatePath: safeGatePath(env.vars['PATH'] ?? '', { root, tmpDir: env.tmpDir }),
    runId: `measure-${context.newId()}`,
    logFile: null,
    maxLogBytes: 0,
    headBytes: 0,
    tailBytes: 4000,
    abort,
    row,
    loadPty: () => Promise.reject(new Error('no detected command wants a terminal')),
  })
}
