import { isWildcard, matchesWildcard, optionValues, programOf } from '../definition/collection.ts'
import { parseManager } from '../definition/node/manager.ts'
import { managers, shortcutOf } from '../definition/node/managers.ts'
import { shellText } from '../definition/wrappers.ts'
import { commandsIn, foreground } from './script-text.ts'

/** Scripts of a package.json by name. */
export type Bodies = Readonly<Record<string, string>>

interface Call {
  readonly names: readonly string[]
  /** Words that are put behind the script's own text. */
  readonly passed: readonly string[]
}

/** Scripts that call each other twice each would be followed for ever. */
const MAX_FOLLOWED = 500
interface Budget {
  left: number
}

const SEVERAL = new Set(['npm-run-all', 'npm-run-all2', 'run-s', 'run-p'])

/** The scripts that a text calls in its own package, also from within quoted texts, as for `concurrently`. */
export function callsIn(text: string, bodies: Bodies): string[] {
  return commandsIn(text).flatMap((argv) => {
    const call = callOf(argv, bodies)
    if (call !== null) return [...call.names]
    return argv.slice(1).flatMap((arg) => {
      const shortcut = shortcutOf(arg)
      if (shortcut !== undefined) return matching(shortcut, bodies)
      return /\s/.test(arg) ? callsIn(arg, bodies) : []
    })
  })
}

/** The simple commands of a script with its `pre` and `post`: called scripts take the place of their call. */
export function nodeSteps(name: string, bodies: Bodies): string[][] {
  return follow(name, bodies, [], { left: MAX_FOLLOWED })
}

function follow(name: string, bodies: Bodies, above: readonly string[], budget: Budget): string[][] {
  if (above.includes(name) || budget.left-- <= 0) return []
  return [`pre${name}`, name, `post${name}`]
    .filter((one) => Object.hasOwn(bodies, one))
    .flatMap((one) => stepsIn(bodies[one] as string, bodies, [...above, name], budget))
}

function stepsIn(text: string, bodies: Bodies, above: readonly string[], budget: Budget): string[][] {
  return foreground(text).flatMap((argv) => {
    const shell = shellText(argv)
    if (shell !== null && shell !== text) return stepsIn(shell, bodies, above, budget)
    const call = callOf(argv, bodies)
    if (call === null) return [argv]
    return call.names.flatMap((one) => {
      const steps = follow(one, bodies, above, budget)
      // A text's last command is the one that gets them.
      return steps.map((step, at) => (at === steps.length - 1 ? [...step, ...call.passed] : step))
    })
  })
}

/** A call of scripts of this very package: not of another directory, nor of the members of a workspace. */
function callOf(argv: readonly string[], bodies: Bodies): Call | null {
  const program = programOf(argv)
  const call = parseManager(argv)
  if (call !== null) {
    const names = call.scripts.filter((one) => Object.hasOwn(bodies, one))
    const elsewhere = call.dirs.length > 0 || call.filters.length > 0 || call.wide
    if (elsewhere || names.length === 0) return null
    const dashes = argv.indexOf('--')
    const from = managers[call.manager].strict ? dashes : argv.indexOf(names[0] as string)
    return { names, passed: from === -1 ? [] : argv.slice(from + 1).filter((arg) => arg !== '--') }
  }
  if (program === 'node') {
    const names = optionValues(argv, ['--run']).filter((one) => Object.hasOwn(bodies, one))
    return names.length === 0 ? null : { names, passed: [] }
  }
  if (!SEVERAL.has(program)) return null
  // `run-s "test -- --coverage"` passes on too, but what watches or writes is not said there.
  const named = argv.slice(1).filter((arg) => !arg.startsWith('-'))
  return { names: named.flatMap((arg) => matching(arg.split(' ')[0] as string, bodies)), passed: [] }
}

function matching(pattern: string, bodies: Bodies): string[] {
  return Object.keys(bodies).filter((name) =>
    isWildcard(pattern) ? matchesWildcard(pattern, name) : name === pattern,
  )
}
