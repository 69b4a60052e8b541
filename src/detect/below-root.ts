import type { DetectedCommand } from './detection.ts'

/** More would make every stop long, so a person chooses among them. */
const MAX_GATES = 8

/** Gates of directories below the root are kept while they are few; of many a note names each, with the line to copy. */
export function fewBelowRoot<T extends { readonly command: DetectedCommand }>(
  offers: readonly T[],
): { readonly kept: readonly T[]; readonly notes: readonly string[] } {
  const below = offers.filter(({ command }) => command.cwd !== '.').map(({ command }) => command)
  const [first] = below
  if (first === undefined || below.length <= MAX_GATES) return { kept: offers, notes: [] }
  const env = Object.keys(first.env).length === 0 ? {} : { env: first.env }
  const line = JSON.stringify({ argv: first.argv, cwd: first.cwd, ...env })
  return {
    kept: offers.filter(({ command }) => command.cwd === '.'),
    notes: [
      `${below.length} directories below the root are not tested, because a gate for each would make every stop long: ${below.map((one) => one.cwd).join(', ')}. The line to copy for one: "${first.name}": ${line}`,
    ],
  }
}
