import type { ProjectConfig } from '../../contract/types.ts'
import { safeGatePath } from '../../gates/gate-path.ts'
import type { GateGround } from '../../judging/gate-ground.ts'
import type { GateRunnerParts } from '../../judging/gate-runner.ts'
import type { Context } from '../../records/context.ts'

/** What the gates of this config stand on while they are measured: no run, nothing frozen, no start yet. */
export function measuredGround(context: Context, root: string, config: ProjectConfig): GateGround {
  const { env } = context
  return {
    runId: `measure-${context.newId()}`,
    stops: 0,
    contract: { policy: config.policy },
    activation: {
      repoRoot: root,
      gatePath: safeGatePath(env.vars['PATH'] ?? '', { root, tmpDir: env.tmpDir }),
      config,
      baselines: [],
      pins: [],
    },
  }
}

/** No log is kept of them. */
export function measuringParts(context: Context, abort: AbortSignal): Omit<GateRunnerParts, 'machine'> {
  return { vars: context.env.vars, abort, logs: null }
}
