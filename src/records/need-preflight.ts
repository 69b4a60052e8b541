import type { ProjectConfig } from '../contract/types.ts'
import type { Context } from './context.ts'
import { requestPreflight } from './preflight.ts'
import { recordedBinary } from './sandbox-binary.ts'
import { foundBox } from './sandbox-launcher.ts'

/**
 * Has a preflight made for gates that ask for a box, unless there is one of this machine as it is. One that cannot be made
 * keeps nobody: what a gate then says of its box is that it was not tried.
 */
export function needPreflight(context: Context, root: string, config: ProjectConfig): void {
  if (config.version !== 2 || config.policy.sandbox === 'off') return
  const binary = recordedBinary(context)
  if (binary !== null && foundBox(context, root, binary).preflight === undefined)
    requestPreflight(context, root, binary)
}
