import path from 'node:path'
import { type Standing, standing } from '../box/rungs.ts'
import type { ProjectConfig } from '../contract/types.ts'
import type { Preflight } from '../gates/preflight.ts'
import { homePaths } from '../ledger/paths.ts'
import type { Context } from './context.ts'
import { preflightKey, readPreflight, requestPreflight } from './preflight.ts'
import { recordedBinary } from './sandbox-binary.ts'

/** How much of the box this machine grants around this Codex. */
export function boxStanding({ env }: Pick<Context, 'env'>, codexBin: string): Standing {
  return standing({ codexBin, dir: path.join(homePaths(env.home).sandboxHome, 'box') })
}

/** What is known of a box before a gate is started in it. */
export interface Box {
  readonly on: Standing
  readonly preflight: Preflight | undefined
}

export function knownBox(context: Pick<Context, 'env'>, codexBin: string): Box {
  const on = boxStanding(context, codexBin)
  return { on, preflight: readPreflight(context.env.home, preflightKey(context, codexBin, on)) }
}

/**
 * Has a preflight made for gates that ask for a box, unless there is one of this machine as it is. One that cannot be made
 * keeps nobody: what a gate then says of its box is that it was not tried.
 */
export function needPreflight(context: Context, root: string, config: ProjectConfig): void {
  if (config.version !== 2 || config.policy.sandbox === 'off') return
  const binary = recordedBinary(context)
  if (binary !== null && knownBox(context, binary).preflight === undefined)
    requestPreflight(context, root, binary)
}
