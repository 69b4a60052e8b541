import { isObject, parseJson } from '../base/json.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { tryBoxFrom } from '../box/preflight/outside.ts'
import { plant } from '../box/preflight/plant.ts'
import { type Results, readResults } from '../gates/preflight.ts'
import { homePaths } from '../ledger/paths.ts'
import type { Context } from './context.ts'
import { preflightKey, savePreflight } from './preflight.ts'
import { foundBox, launcherWith } from './sandbox-launcher.ts'

/*
 * The preflight is three processes of one program:
 *
 *   plant ─► outside (has a key, an open file, a secret in its memory; binds, reads) ─► box ─► Codex's sandbox ─► probe
 *     └── keeps what came of it
 */

export interface PreflightRequest {
  readonly root: string
  /** The native binary. */
  readonly codexBin: string
  /** Starts this program in one of its roles; what the role needs follows. */
  readonly program: (role: 'outside' | 'probe') => readonly string[]
}

/** Tries the box of this machine and keeps what came of it. Code: preflight-failed. */
export function makePreflight(context: Context, request: PreflightRequest): Result<Results> {
  const { home, codexHome, vars } = context.env
  // Before the probe: what changes meanwhile makes another key.
  const key = preflightKey(context, request.codexBin, foundBox(context, request.root, request.codexBin).on)
  const planted = plant(request.program('outside'), {
    home,
    vars: { ...vars, AUTONOMOUS_LOOP_HOME: home, CODEX_HOME: codexHome },
  })
  const json =
    'said' in planted ? parseJson(planted.said, 'the preflight') : fail('invalid-json', planted.why)
  if (!json.ok || !isObject(json.value) || json.value['ok'] !== true) {
    const why = json.ok ? JSON.stringify(json.value) : json.error.message
    return fail('preflight-failed', `what the box holds could not be tried: ${why}`)
  }
  const results = readResults(json.value)
  try {
    savePreflight(home, key, results)
    return ok(results)
  } catch (error) {
    return fail('preflight-failed', `what came of the preflight cannot be kept: ${systemWords(error)}`)
  }
}

/** The role of the process outside. Code: preflight-failed. */
export function tryFromOutside(context: Context, request: PreflightRequest): Promise<Result<Results>> {
  return tryBoxFrom({
    root: request.root,
    launch: launcherWith(context, request.root, request.codexBin),
    shared: homePaths(context.env.home).sandboxHome,
    probe: request.program('probe'),
    vars: context.env.vars,
  })
}
