/** The word that was probably meant; undefined when none is near. A beginning counts as near. Pure. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  if (typed.length < 2) return undefined
  const begun = known.filter((word) => word.startsWith(typed))
  if (begun.length === 1) return begun[0]
  const allowed = Math.max(1, Math.floor(typed.length / 3))
  const [best] = known
    .map((word) => ({ word, edits: editsBetween(typed, word) }))
    .filter(({ edits }) => edits <= allowed)
    .sort((a, b) => a.edits - b.edits)
  return best?.word
}

/** `; did you mean x?`, to be put behind a message; empty when nothing is near. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const word = nearest(typed, known)
  return word === undefined ? '' : `; did you mean ${word}?`
}

/** Letters to add, drop, replace or swap with their neighbour to make `b` of `a`. */
function editsBetween(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        (row[j - 1] ?? 0) + 1,
        (last[j] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      )
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
