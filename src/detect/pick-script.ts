import { faultOf, writerIn } from './script-faults.ts'
import { OTHER_NAMES, SINGLE, type Single } from './script-names.ts'
import type { ScriptSource } from './detection.ts'

/** How scripts are often called that do the same without watching or writing. */
const STAND_INS = ['check', 'ci', 'run', 'once']

/** The script of this name, one that only looks in its place, or the first of another usual name. */
export function pickSingle(source: ScriptSource, name: Single, notes: string[]): string | null {
  // A script `format` writes, everywhere.
  if (name !== 'format' && source.scripts.has(name)) {
    const picked = pickOne(source, name)
    notes.push(...picked.notes)
    return picked.name
  }
  const other = OTHER_NAMES[name].find(
    (one) => source.scripts.has(one) && faultOf(source, one) === null && writerIn(source, one) === null,
  )
  return other ?? null
}

/** The script, or one that only looks in its place; null when neither can be a gate. */
export function pickOne(
  source: ScriptSource,
  name: string,
): { readonly name: string | null; readonly notes: readonly string[] } {
  if (!source.scripts.has(name)) return { name: null, notes: [] }
  const fault = faultOf(source, name)
  const writer = fault === null ? writerIn(source, name) : null
  if (fault === null && writer === null) return { name, notes: [] }
  const what = `${source.kind} ${name} of ${source.file}`
  const why = fault ?? `it rewrites files (${writer})`
  const others = SINGLE.flatMap((one) => (one === name ? OTHER_NAMES[one] : []))
  const instead = [...STAND_INS.map((end) => `${name}:${end}`), ...others].find(
    (one) => source.scripts.has(one) && faultOf(source, one) === null && writerIn(source, one) === null,
  )
  if (instead !== undefined)
    return { name: instead, notes: [`${what} is left out: ${why}; ${instead} is taken in its place`] }
  return writer === null
    ? { name: null, notes: [`${what} is left out: ${why}`] }
    : { name, notes: [writes(what, writer)] }
}

export function writes(what: string, writer: string): string {
  return `${what} rewrites files (${writer}), and a gate should only look: give it a form that only checks`
}
