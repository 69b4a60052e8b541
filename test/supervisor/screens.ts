import type { Tui } from '../rig/tui.ts'
import type { Site } from './rig.ts'

const screens = new Set<Tui>()

/** The command line on a terminal, closed by `closeScreens` if nobody ends it. */
export function screen(at: Site, ...[args, env]: Parameters<Site['terminal']>): Tui {
  const shown = at.terminal(args, env)
  screens.add(shown)
  void shown.ended.then(() => screens.delete(shown))
  return shown
}

/** After each test: one that a failed test left would keep everything waiting. */
export async function closeScreens(): Promise<void> {
  for (const one of screens) await one.close()
}
