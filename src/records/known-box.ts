import path from 'node:path'
import { type Standing, standing } from '../box/rungs.ts'
import type { Preflight } from '../gates/preflight.ts'
import { homePaths } from '../ledger/paths.ts'
import type { Context } from './context.ts'
import { preflightKey, readPreflight } from './preflight.ts'

/** How much of the box this machine grants around this Codex. */
export function boxStanding({ env }: Pick<Context, 'env'>, codexBin: string): Standing {
  return standing({ codexBin, dir: path.join(homePaths(env.home).sandboxHome, 'box') })
}

/** What is known of a box before a gate is started in it. */
export interface Box {
  readonly on: Standing
  readonly preflight: Preflight | undefined
}

export function knownBox(
  context: Pick<Context, 'env'>,
  codexBin: string,
  on = boxStanding(context, codexBin),
): Box {
  return { on, preflight: readPreflight(context.env.home, preflightKey(context, codexBin, on)) }
}
