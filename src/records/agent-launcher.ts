import { type Result, fail, ok } from '../base/result.ts'
import { isWithin, realPath } from '../base/within.ts'
import { boxed } from '../box/boxed.ts'
import { type Covers, coverArgs } from '../box/covers.ts'
import type { Launch } from '../gates/types.ts'
import { NOTHING } from '../gates/reach.ts'
import { cacheDirectories } from '../gates/cache-directories.ts'
import type { AgentLauncher, AgentStart } from '../agents/launch.ts'
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
  return again(launched)

  function launched(start: AgentStart): Result<Launch> {
    const { argv, env, root, writable, network, inside, closed: own = [] } = start
    const unseen = [...hidden, ...(start.hidden ?? [])]
    if (codexBin === null)
      return fail('sandbox-unavailable', 'the codex binary that runs the sandbox was not found', {
        fix: 'autonomous-loop bootstrap',
      })
    found ??= foundBox(context, root, codexBin)
    if (found.on.granted === null)
      return fail('agent-no-box', `this machine grants no box for agents: ${found.on.why}`, {
        fix: 'autonomous-loop doctor',
      })
    if (inside !== 'codex')
      return launchedAlone(found, start, {
        readOnly: [...inside.readOnly, home, ...closed, ...own],
        hidden: unseen,
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
        closed: [...closed, ...own],
        hidden: unseen,
        // A poisoned cache would reach the person's next build.
        thrownAway: [...cacheDirectories({ home, codexHome, vars }), ...(start.thrownAway ?? [])],
      },
      found,
      codexBin,
    )
  }
}

/** What is started can be started once more. */
function again(launched: (start: AgentStart) => Result<Launch>): AgentLauncher {
  const launcher: AgentLauncher = (start) => {
    const result = launched(start)
    return result.ok ? ok({ ...result.value, again: () => launcher(start) }) : result
  }
  return launcher
}

/** Without Codex's sandbox: writes outside of the root and `writable` go to a layer that is thrown away. Code: agent-no-box. */
function launchedAlone(
  { on, preflight }: Box,
  { argv, env, root, writable, network }: AgentStart,
  covers: Covers,
): Result<Launch> {
  // Only layers keep the rest of the disk as it is.
  if (on.rung !== 'box')
    return fail('agent-no-box', `this machine grants no whole box for agents: ${on.why}`, {
      fix: 'autonomous-loop doctor',
    })
  const kept = [root, ...writable].map(realPath)
  const readOnly = covers.readOnly.map(realPath).filter((one) => kept.some((dir) => isWithin(one, dir)))
  return ok(
    boxed({ argv, env, sandboxed: true }, on, {
      network,
      reached: NOTHING,
      kept,
      over: coverArgs({ ...covers, readOnly }),
      preflight,
    }),
  )
}
