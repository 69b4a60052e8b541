import { wantsCleanTree } from './clean-tree.ts'
import { neverEnds } from './never-ends.ts'
import { rewrites } from './rewrites.ts'
import { stepsOf } from './script-text.ts'
import type { ScriptSource } from './detection.ts'

/** Why a script makes no gate: it can never pass, not after work, or never ends. Null when nothing speaks against it. */
export function faultOf(source: ScriptSource, name: string): string | null {
  const own = source.scripts.get(name)?.unusable ?? null
  if (own !== null) return own
  const steps = stepsOf(source, name)
  const endless = neverEnds(steps)
  if (endless !== null) return `it watches or serves and never ends (${endless})`
  const clean = wantsCleanTree(steps)
  return clean === null
    ? null
    : `it wants a workspace without changes (${clean}), which passes before any work and never after`
}

/** Is it only the wish for a workspace without changes that speaks against a script? Then its parts may still be gates. */
export function hasCleanParts(source: ScriptSource, name: string): boolean {
  if ((source.scripts.get(name)?.unusable ?? null) !== null) return false
  const steps = stepsOf(source, name)
  return neverEnds(steps) === null && wantsCleanTree(steps) !== null
}

/** The command of a script that changes the files it should judge; null when it only looks. */
export function writerIn(source: ScriptSource, name: string): string | null {
  return rewrites(stepsOf(source, name))
}
