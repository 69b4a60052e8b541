import type { Command } from '../../contract/types.ts'
import { takeApart } from '../../definition/steps/take-apart.ts'
import { Workspace } from '../../definition/workspace.ts'
import { safeGatePath } from '../../gates/gate-path.ts'
import { runGate } from '../../gates/run-gate.ts'
import { runSteps } from '../../gates/run-steps.ts'
import type { GateResult, HandedOn } from '../../gates/types.ts'
import type { Context } from '../../records/context.ts'
import { repositoryLauncher } from '../../records/sandbox-launcher.ts'

/** Runs a command in a directory as a gate would be run there, step by step; nothing is recorded. */
export function tryGate(
  context: Context,
  root: string,
  command: Command,
  abort: AbortSignal,
): Promise<GateResult> {
  const start = (one: Command, handedOn?: HandedOn): Promise<GateResult> =>
    runOne(context, root, one, abort, handedOn)
  const made = takeApart(command, new Workspace(root))
  return made.kind === 'steps' && typeof command.network !== 'boolean'
    ? runSteps({
        command,
        steps: made.steps,
        run: (one, _nth, handedOn) => start(one, handedOn),
        between: async () => ({ kind: 'go-on' }),
      })
    : start(command)
}

function runOne(
  context: Context,
  root: string,
  command: Command,
  abort: AbortSignal,
  handedOn: HandedOn | undefined,
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
    loadPty: () => Promise.reject(new Error('no detected command wants a terminal')),
    ...(handedOn === undefined ? {} : { handedOn }),
  })
}
