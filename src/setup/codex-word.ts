import type { Env } from '../base/env.ts'
import { type Failure, type Result, fail, ok } from '../base/result.ts'
import { realPath } from '../base/within.ts'
import { withAppServer } from '../codex/app-server.ts'
import { hooksEnabled, planTool } from '../codex/codex-config.ts'
import { configFile, configFix, isConfigWritable } from '../codex/config-file.ts'
import type { Codex } from '../codex/find-codex.ts'
import type { OurGroup } from '../codex/hooks-file/json.ts'
import { isManaged, managedGroups, systemPlaces } from './managed/places.ts'
import { type HookListing, type HookTrust, hookTrust, listHooks, runs, trustHooks } from '../codex/trust.ts'

export interface CodexWord {
  readonly ours: readonly HookTrust[]
  /** Codex will run every one of our hooks. */
  readonly all: boolean
  readonly listing: HookListing
  /** False: the hooks feature is switched off as a whole, and Codex lists nothing. */
  readonly hooksOn: boolean
  /** `tools.update_plan.enabled`; null when nothing says so, which for current models means off. */
  readonly planTool: boolean | null
}

/** What Codex says, and what may be done about it. */
export interface WordRequest {
  readonly codex: Codex
  readonly env: Env
  readonly hooksFile: string
  readonly groups: readonly OurGroup[]
  /** Directory whose hooks are asked for: project hooks count there. */
  readonly cwd: string
  /** Given exactly the hooks of ours that Codex would not run yet; true trusts them. */
  readonly mayTrust: (hooks: readonly HookTrust[]) => Promise<boolean>
}

/**
 * Asks Codex whether our hooks are present, enabled and trusted; if allowed trusts those that are not, and asks again.
 * A hook that a person disabled stays disabled. Codes: those of the app server, codex-answer, trust-unwritten.
 */
export function askCodex(request: WordRequest): Promise<Result<CodexWord>> {
  return withAppServer(request.codex.native, request.env, async (server) => {
    const look = async (): Promise<Result<CodexWord>> => {
      const listed = await listHooks(server, [request.cwd])
      if (!listed.ok) return listed
      const [listing] = listed.value
      if (!listing) return fail('codex-answer', 'hooks/list answered for no directory')
      const on = await hooksEnabled(server)
      if (!on.ok) return on
      const plan = await planTool(server)
      if (!plan.ok) return plan
      const ours = hookTrust(listing, request.hooksFile, request.groups)
      const all = on.value && ours.every(({ hook }) => hook !== null && runs(hook))
      return ok({ ours, all, listing, hooksOn: on.value, planTool: plan.value })
    }
    const first = await look()
    if (!first.ok || first.value.all) return first
    const asked = first.value.ours.filter(({ state }) => state === 'untrusted' || state === 'modified')
    if (asked.length === 0 || !(await request.mayTrust(asked))) return first
    const trusted = await trustHooks(
      server,
      asked.flatMap(({ hook }) => (hook ? [hook] : [])),
    )
    return trusted.ok
      ? look()
      : trusted.error.code === 'codex-refused'
        ? unwritten(request, trusted)
        : trusted
  })
}

/**
 * Where hooks also stand in the user's config.toml, Codex runs both and warns at each start. Nothing of ours is wrong then, but
 * only moving theirs ends the warning; their trust does not move along. Null where they stand in one place.
 */
export function inBothFiles(
  { hooks }: HookListing,
  hooksFile: string,
  env: Env,
): { readonly reason: string; readonly fix: string } | null {
  const config = realPath(configFile(env))
  const theirs = hooks.filter(({ sourcePath }) => sourcePath !== '' && realPath(sourcePath) === config)
  if (theirs.length === 0 || !hooks.some(({ sourcePath }) => realPath(sourcePath) === realPath(hooksFile)))
    return null
  const events = [...new Set(theirs.map(({ event }) => event))].join(', ')
  return {
    reason: `hooks (${events}) also stand in ${configFile(env)}: Codex runs them and ours, and warns of it at each start`,
    fix: `move them into ${hooksFile}, at the end of each event, and trust them again in Codex: /hooks`,
  }
}

/** What to do where config.toml cannot be written, such as one that another program made. `doctor` lists the lines. */
export function byHandFix(env: Env): string {
  return `make what ${configFile(env)} leads to writable and call autonomous-loop bootstrap --trust again, or write into it what autonomous-loop doctor --json lists as by_hand`
}

function unwritten({ env }: WordRequest, { error }: { readonly error: Failure }): Result<never> {
  return fail(
    'trust-unwritten',
    `Codex could not write the trust of our hooks into ${configFile(env)}: ${error.message}`,
    { fix: isConfigWritable(env) ? configFix(error, env) : byHandFix(env) },
  )
}

/** Whether Codex runs managed hooks of ours on this machine, by its own word: an old one may not know of such hooks. */
export async function runsManaged(codex: Codex, env: Env): Promise<boolean> {
  if (!isManaged()) return false
  const word = await askCodex({
    codex,
    env,
    hooksFile: systemPlaces.requirements,
    groups: managedGroups(systemPlaces),
    cwd: '/',
    mayTrust: () => Promise.resolve(false),
  })
  return word.ok && word.value.ours.every(({ state }) => state === 'managed')
}
