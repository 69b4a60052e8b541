import { neverEnds } from './never-ends.ts'
import { rewrites } from './rewrites.ts'
import { stepsOf } from './script-text.ts'
import type { ScriptSource } from './detection.ts'

/** Why a script makes no gate: it can never pass, or never ends. Null when nothing speaks against it. */
export function faultOf(source: ScriptSource, name: string): string | null {
  const own = source.scripts.get(name)?.unusable ?? null
  if (own !== null) return own
  const endless = neverEnds(stepsOf(source, name))
  return endless === null ? null : `it watches or serves and never ends (${endless})`
}

/** The command of a script that changes the files it should judge; null when it only looks. */
export function writerIn(source: ScriptSource, name: string): string | null {
  return rewrites(stepsOf(source, name))
}
