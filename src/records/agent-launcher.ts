import { fail } from '../base/result.ts'
import { NOTHING } from '../gates/reach.ts'
import { cacheDirectories } from '../gates/cache-directories.ts'
import type { AgentLauncher } from '../agents/launch.ts'
import type { Context } from './context.ts'
import type { Box } from './known-box.ts'
import { foundBox, launchBoxed } from './sandbox-launcher.ts'

/**
 * How agents are started in a box of ours, Codex's sandbox inside: what they write beside the root and `writable` is refused or
 * thrown away. `closed`: places of ours that no agent may write even for itself; none may hold the root. `hidden`: files and directories
 * that it cannot read.
 * Codes: sandbox-unavailable, agent-no-box, those of sandboxLaunch.
 */
export function agentLauncher(
  context: Pick<Context, 'env'>,
  codexBin: string | null,
  closed: readonly string[],
  hidden: readonly string[] = [],
): AgentLauncher {
  const { home, codexHome, vars } = context.env
  let found: Box | undefined
  return ({ argv, env, root, writable, network }) => {
    if (codexBin === null)
      return fail('sandbox-unavailable', 'the codex binary that runs the sandbox was not found', {
        fix: 'autonomous-loop bootstrap',
      })
    found ??= foundBox(context, root, codexBin)
    if (found.on.granted === null)
      return fail('agent-no-box', `this machine grants no box for agents: ${found.on.why}`, {
        fix: 'autonomous-loop doctor',
      })
    return launchBoxed(
      context,
      root,
      {
        argv,
        env,
        writable,
        network,
        reached: NOTHING,
        closed,
        hidden,
        // A poisoned cache would reach the person's next build.
        thrownAway: cacheDirectories({ home, codexHome, vars }),
      },
      found,
      codexBin,
    )
  }
}
