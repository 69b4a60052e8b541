import { parseShell } from '../definition/shell.ts'
import { unwrap } from '../definition/wrappers.ts'
import { isTestName, runsTests } from './runs-tests.ts'
import { toolOf } from './tool-of.ts'
import type { ScriptSource } from './detection.ts'

/** The simple commands of a shell text, behind wrappers such as `env` and `timeout`. What only prints is none. */
export function commandsIn(text: string): string[][] {
  return parseShell(text)
    .flatMap((part) => (part.kind === 'command' ? [[...unwrap(part.argv)]] : []))
    .filter(([program = 'echo']) => !['echo', 'printf', ':', 'true', 'cd'].includes(program))
}

/** The script and all that it calls within the source. */
export function reach(source: ScriptSource, name: string): Set<string> {
  const seen = new Set<string>()
  const queue = [name]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    queue.push(...(source.scripts.get(next)?.calls ?? []))
  }
  return seen
}

/** The shell texts of a script and of all that it calls. */
export function textOf(source: ScriptSource, name: string): string {
  return [...reach(source, name)].map((one) => source.scripts.get(one)?.text ?? '').join('\n')
}

/** Options that change only how a command reports. */
const REPORTS =
  /^-(?:v+|q+|-(?:verbose|quiet|silent|colou?r|junit|report|cov|log|durations|tb)[\w-]*(?:=.*)?)$/

/** What a command does, without the words that only say how it is started or how it reports. */
function essence(argv: readonly string[]): string {
  return toolOf(argv)
    .filter((word) => !REPORTS.test(word))
    .join('\0')
}

function essences(source: ScriptSource, name: string): Set<string> {
  return new Set(commandsIn(textOf(source, name)).map(essence))
}

/** Does another script run every command that this one runs? */
export function isPartOf(source: ScriptSource, name: string, whole: string): boolean {
  const inWhole = essences(source, whole)
  const mine = [...essences(source, name)]
  return mine.length > 0 && mine.every((one) => inWhole.has(one))
}

/** Do two scripts run the same commands, each its own text? */
export function isSame(source: ScriptSource, one: string, other: string): boolean {
  return !reach(source, one).has(other) && isPartOf(source, one, other) && isPartOf(source, other, one)
}

/** Is it the other script, called by it, or part of it? */
export function isRunBy(source: ScriptSource, name: string, whole: string): boolean {
  return name === whole || reach(source, whole).has(name) || isPartOf(source, name, whole)
}

/** Does a script run tests, by its own name, that of a script it calls, or a command? */
export function testsIn(source: ScriptSource, name: string): boolean {
  return [...reach(source, name)].some(isTestName) || runsTests(stepsOf(source, name))
}

/** What a script runs, one after the other; what it sends to the background is not waited for and left out. */
export function stepsOf(source: ScriptSource, name: string): readonly (readonly string[])[] {
  return source.scripts.get(name)?.steps ?? foreground(textOf(source, name))
}

/** The simple commands of a shell text without those in front of a single `&`. */
export function foreground(text: string): string[][] {
  return commandsIn(text.replaceAll(/[^;&|\n]*(?<![&<>])&(?![&>])/g, ' ; '))
}
