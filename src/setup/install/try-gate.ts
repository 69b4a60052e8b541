import type { Command } from '../../contract/types.ts'
import { takeApart } from '../../definition/steps/take-apart.ts'
import { Workspace } from '../../definition/workspace.ts'
import { GateRow } from '../../gates/row.ts'
import { runSteps } from '../../gates/run-steps.ts'
import type { GateResult } from '../../gates/types.ts'
import type { GateGround } from '../../judging/gate-ground.ts'
import { type GateStarter, gateStarter } from '../../judging/gate-runner.ts'
import type { Context } from '../../records/context.ts'
import { gateMachine } from '../../records/gate-machine.ts'
import { measuringParts } from './ground.ts'

/** Where gates are tried, and what those before keep for those behind. */
export interface TryPlace {
  readonly root: string
  readonly start: GateStarter
  readonly row: GateRow
}

/** In the directory itself, as gates of a run would be started there. Its row is to be ended. */
export function inDirectory(context: Context, ground: GateGround, abort: AbortSignal): TryPlace {
  const parts = measuringParts(context, abort)
  const machine = () => gateMachine(context, ground, null)
  return {
    root: ground.activation.repoRoot,
    start: gateStarter(ground, { ...parts, machine }),
    row: new GateRow(),
  }
}

/** Runs a command as a gate would be run there, step by step; nothing is recorded. */
export function tryGate({ root, start, row }: TryPlace, command: Command): Promise<GateResult> {
  const made = takeApart(command, new Workspace(root))
  return made.kind === 'steps' && typeof command.network !== 'boolean'
    ? runSteps({
        command,
        steps: made.steps,
        outer: row,
        run: (one, nth, inRow) => start(one, `.step-${nth}`, inRow),
        between: async () => ({ kind: 'go-on' }),
      })
    : start(command, '', row)
}
