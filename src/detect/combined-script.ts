import { pickOne } from './pick-script.ts'
import { faultOf, hasCleanParts, writerIn } from './script-faults.ts'
import { COMBINED, SINGLE, isCheckName } from './script-names.ts'
import { isRunBy, isSame, reach, testsIn } from './script-text.ts'
import type { ScriptSource } from './detection.ts'

/** The combined script, or the parts of one that as a whole makes no gate. */
export function chooseCombined(source: ScriptSource, notes: string[]): readonly string[] {
  let chosen: readonly string[] = []
  for (const name of COMBINED) {
    if (!source.scripts.has(name)) continue
    const what = `${source.kind} ${name} of ${source.file}`
    if (chosen.length > 0) {
      if (!chosen.some((one) => isRunBy(source, name, one)))
        notes.push(
          `${what} is left out: ${chosen.join(', ')} comes before it (--prefer-scripts names others)`,
        )
      continue
    }
    const twin = SINGLE.find(
      (one) => source.scripts.has(one) && faultOf(source, one) === null && isSame(source, name, one),
    )
    if (twin !== undefined) {
      notes.push(`${what} is left out: it runs the same as ${twin}`)
      continue
    }
    if (hasCleanParts(source, name)) {
      chosen = cleanParts(source, name)
      const instead = chosen.length === 0 ? '' : `; its parts ${chosen.join(', ')} are taken in its place`
      notes.push(`${what} is left out: ${faultOf(source, name)}${instead}`)
      continue
    }
    const picked = pickOne(source, name)
    notes.push(...picked.notes)
    if (picked.name !== null) chosen = [picked.name]
  }
  return chosen
}

/** Of what a script calls, the checks that only look and can be gates; one that runs tests is enough. */
function cleanParts(source: ScriptSource, name: string): string[] {
  const seen = new Set<string>()
  const inside = (one: string): string[] =>
    (source.scripts.get(one)?.calls ?? []).flatMap((part) => {
      if (seen.has(part)) return []
      seen.add(part)
      if (hasCleanParts(source, part)) return inside(part)
      const isGate = isCheckName(part) && faultOf(source, part) === null && writerIn(source, part) === null
      return isGate ? [part] : []
    })
  const parts = inside(name)
  const tested = parts.find((part) => testsIn(source, part))
  const apart = parts.filter((part) => part === tested || !testsIn(source, part))
  return apart.filter((part) => !apart.some((other) => other !== part && reach(source, other).has(part)))
}
