import fs from 'node:fs'
import path from 'node:path'
import { removeOwned } from '../base/owned-directory.ts'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { writeFileWhole } from '../base/write-file.ts'
import { withAppServer } from '../codex/app-server.ts'
import { findCodex } from '../codex/find-codex.ts'
import { forgetTrust, hookTrust, listHooks } from '../codex/trust.ts'
import type { Context } from '../records/context.ts'
import { writeHooksJson } from './bootstrap-apply.ts'
import { applyRemoval } from './claude/uninstall.ts'
import { type Setting, takeBackPlanTool, untouched } from './uninstall-plan-tool.ts'
import { renderStubShim, shimPath } from './shim.ts'
import { type UninstallOptions, type UninstallPlan, planUninstall } from './uninstall-plan.ts'

export { type UninstallOptions, type UninstallPlan, planUninstall } from './uninstall-plan.ts'

export interface UninstallAnswer {
  readonly ok: boolean
  readonly dry_run: boolean
  readonly codex_home: string
  readonly home: string
  /** `removed`: the file held nothing but ours. `original`: the very bytes from before bootstrap. */
  readonly hooks_json: 'unchanged' | 'removed' | 'original' | 'edited'
  /** Claude Code's settings.json; absent where nothing of ours was put there. */
  readonly claude_settings?: 'unchanged' | 'removed' | 'edited'
  readonly removed: readonly string[]
  readonly kept: readonly string[]
  readonly warnings: readonly string[]
}

/** Takes everything out of Codex again. Codes: person-only, open-runs, hooks-json-invalid, hooks-json-unreadable, setup-write. */
export async function uninstall(
  options: UninstallOptions,
  context: Context,
): Promise<Result<UninstallAnswer>> {
  const planned = planUninstall(options, context)
  if (!planned.ok) return planned
  const plan = planned.value
  const warnings = (plan.removed?.shifted ?? []).map(
    (event) => `your own ${event} hooks stood behind ours and moved up: Codex asks you to review them again`,
  )
  const setting = plan.planTool ? await takeBackPlanTool(context, options.dryRun) : untouched
  if (!options.dryRun) {
    // While the hooks are still listed: afterwards nobody could tell which trust was theirs.
    if (plan.removed?.changed) warnings.push(...(await takeBackTrust(plan, context)))
    const applied = applyUninstall(plan)
    if (!applied.ok) return applied
  }
  return ok(
    answerOf(plan, options, context.env.codexHome, {
      ...setting,
      warnings: [...warnings, ...setting.warnings],
    }),
  )
}

/** Trust that stays behind does no harm, so nothing here stops an uninstall. */
async function takeBackTrust(plan: UninstallPlan, context: Context): Promise<string[]> {
  const codex = findCodex(context.env)
  if (!codex.ok) return [`config.toml keeps the trust of our hooks: ${codex.error.message}`]
  const done = await withAppServer(codex.value.native, context.env, async (server) => {
    const listed = await listHooks(server, [context.env.codexHome])
    if (!listed.ok) return listed
    const keys = listed.value
      .flatMap((listing) => hookTrust(listing, plan.hooksFile, plan.groups))
      .flatMap(({ hook, state }) => (hook && state !== 'untrusted' && !hook.managed ? [hook.key] : []))
    return keys.length === 0 ? ok(undefined) : forgetTrust(server, keys)
  })
  return done.ok ? [] : [`config.toml keeps the trust of our hooks: ${done.error.message}`]
}

/** First Codex and Claude Code stop calling us, then the shim turns into a stub for threads that still do, last everything else goes. */
export function applyUninstall(plan: UninstallPlan): Result<void> {
  let at = plan.hooksFile
  try {
    if (plan.removed?.changed) {
      if (plan.removed.text === null) fs.rmSync(plan.hooksFile)
      else writeHooksJson(plan.hooksFile, plan.removed.text)
    }
    if (plan.claude) {
      at = plan.claude.settings
      applyRemoval(plan.claude)
    }
    at = shimPath(plan.home)
    if (fs.existsSync(path.dirname(at))) writeFileWhole(at, renderStubShim(), 0o755)
    for (const file of [...plan.files, ...plan.trees]) {
      at = file
      removeOwned(file)
    }
    removeEmpty(plan.skillDir)
    return ok(undefined)
  } catch (error) {
    return fail('setup-write', `${at} could not be changed: ${systemWords(error)}`, {
      fix: 'autonomous-loop uninstall, once it can be',
    })
  }
}

/** The directory and what is below it, as far as nothing is in there. */
function removeEmpty(dir: string): void {
  for (const entry of fs.existsSync(dir) ? fs.readdirSync(dir, { withFileTypes: true }) : [])
    if (entry.isDirectory()) removeEmpty(path.join(dir, entry.name))
  if (fs.existsSync(dir) && fs.readdirSync(dir).length === 0) fs.rmdirSync(dir)
}

function answerOf(
  plan: UninstallPlan,
  options: UninstallOptions,
  codexHome: string,
  said: Setting,
): UninstallAnswer {
  const { removed } = plan
  return {
    ok: true,
    dry_run: options.dryRun,
    codex_home: codexHome,
    home: plan.home,
    hooks_json: !removed?.changed
      ? 'unchanged'
      : removed.text === null
        ? 'removed'
        : removed.original
          ? 'original'
          : 'edited',
    ...(plan.claude === null
      ? {}
      : {
          claude_settings: !plan.claude.changed
            ? ('unchanged' as const)
            : plan.claude.text === null
              ? ('removed' as const)
              : ('edited' as const),
        }),
    removed: [...plan.files, ...plan.trees, ...said.removed],
    kept: [...plan.kept, ...said.kept],
    warnings: said.warnings,
  }
}
