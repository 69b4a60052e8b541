import { parseShell } from '../definition/shell.ts'
import { unwrap } from '../definition/wrappers.ts'
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

/** Does another script run every command that this one runs? */
export function isPartOf(source: ScriptSource, name: string, whole: string): boolean {
  const inWhole = new Set(commandsIn(textOf(source, whole)).map((argv) => argv.join('\0')))
  const mine = commandsIn(textOf(source, name)).map((argv) => argv.join('\0'))
  return mine.length > 0 && mine.every((argv) => inWhole.has(argv))
}

/** What a script runs, one after the other; what it sends to the background is not waited for and left out. */
export function stepsOf(source: ScriptSource, name: string): readonly (readonly string[])[] {
  return source.scripts.get(name)?.steps ?? foreground(textOf(source, name))
}

/** The simple commands of a shell text without those in front of a single `&`. */
export function foreground(text: string): string[][] {
  return commandsIn(text.replaceAll(/[^;&|\n]*(?<![&<>])&(?![&>])/g, ' ; '))
}
