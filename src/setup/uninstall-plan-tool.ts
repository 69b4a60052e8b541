import path from 'node:path'
import { ok } from '../base/result.ts'
import { withAppServer } from '../codex/app-server.ts'
import { ownPlanTool, setPlanTool } from '../codex/codex-config.ts'
import { findCodex } from '../codex/find-codex.ts'
import type { Context } from '../records/context.ts'

/** What became of a setting, as entries of uninstall's answer. */
export interface Setting {
  readonly removed: readonly string[]
  readonly kept: readonly string[]
  readonly warnings: readonly string[]
}

export const untouched: Setting = { removed: [], kept: [], warnings: [] }

/** Takes `[tools.update_plan] enabled = true` out of config.toml through Codex, which leaves the rest; a value that is not ours any more stays. */
export async function takeBackPlanTool(context: Context, dryRun: boolean): Promise<Setting> {
  const name = `${path.join(context.env.codexHome, 'config.toml')}: [tools.update_plan] enabled`
  const stays = (why: string): Setting => ({
    ...untouched,
    warnings: [`${name} stays, which bootstrap wrote: ${why}`],
  })
  const codex = findCodex(context.env)
  if (!codex.ok) return stays(codex.error.message)
  const taken = await withAppServer(codex.value.native, context.env, async (server) => {
    const now = await ownPlanTool(server)
    if (!now.ok) return now
    if (now.value === undefined) return ok(untouched)
    if (now.value !== true) return ok({ ...untouched, kept: [name] })
    const written = dryRun ? ok(undefined) : await setPlanTool(server, null)
    return written.ok ? ok({ ...untouched, removed: [name] }) : written
  })
  return taken.ok ? taken.value : stays(taken.error.message)
}
