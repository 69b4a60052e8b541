/*
 * A glob becomes a regular expression, and one that backtracks would hang whoever asks it: an agent chooses glob and names.
 * What is let through takes well under a second for the worst of names (255 equal letters, thousands of directories).
 * What stands for itself (read-glob.ts) is written as `_` here.
 */

const mostAlternatives = 256
const mostDeep = 3
const mostExtra = 2

/** Innermost `@(a|b)`, or braces. */
const group = /([@!+?*])\(([^()]*)\)|\{([^{}]*)\}/

/** What a glob that could take too long would have to be instead; null for one that cannot. */
export function costlyGlob(glob: string): string | null {
  if (/[@!+?*]\([^)]*[({]/.test(glob)) return 'a glob without a group inside of `@(…)`, `+(…)` and the like'
  for (const [, body = ''] of glob.matchAll(/[+*]\(([^)]*)\)/g))
    if (!isPlainRepeat(body))
      return 'in `+(…)` and `*(…)` only words that begin with different letters, such as +(a|b)'
  const plain = alternatives(glob)
  if (plain === null) return `a glob that stands for at most ${mostAlternatives} alternatives`
  return plain.every(isCheap)
    ? null
    : `at most ${mostDeep} times \`**\`, and at most ${mostExtra} wildcards besides one in each segment`
}

/** Each letter tells what comes next: there is only one way to match. */
function isPlainRepeat(body: string): boolean {
  const words = body.split('|')
  return (
    !/[*+({/]/.test(body) &&
    (words.length === 1 ||
      (new Set(words.map((word) => word[0])).size === words.length && !/[[?\\]|^\||\|\||\|$/.test(body)))
  )
}

/** Without groups; what repeats, or is anything but something, counts as a wildcard. Null for too many. */
function alternatives(glob: string): string[] | null {
  let found = [glob]
  while (found.some((one) => group.test(one))) {
    found = found.flatMap((one) => {
      const [all, kind, words, braces] = group.exec(one) ?? []
      if (all === undefined) return [one]
      const inside = braces === undefined ? (words ?? '').split('|') : braces.split(',')
      const each =
        kind === '+' || kind === '*' ? ['*'] : kind === '!' ? inside.map((word) => `*${word}`) : inside
      return each.map((word) => one.replace(all, () => word))
    })
    if (found.length > mostAlternatives) return null
  }
  return found
}

function isCheap(glob: string): boolean {
  const segments = glob.split('/')
  const deep = segments.filter((segment) => segment === '**').length
  const extra = segments
    .filter((segment) => segment !== '**')
    .reduce((sum, segment) => sum + Math.max(0, (segment.match(/\*/g) ?? []).length - 1), 0)
  return deep <= mostDeep && extra <= mostExtra
}
