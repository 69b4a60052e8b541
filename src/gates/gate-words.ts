import fs from 'node:fs'
import path from 'node:path'
import { isObject } from '../base/json.ts'

const MANAGERS = new Set(['npm', 'pnpm', 'yarn', 'bun'])
/** Scripts may call each other in a circle. */
const MOST_COMMANDS = 40

/**
 * The commands that a gate consists of, each as its words: its argv, a shell text taken apart, and behind a package
 * manager the script of the package.json in the gate's directory. What a Makefile or a driver starts is not seen.
 */
export function gateWords(argv: readonly string[], cwd: string): readonly (readonly string[])[] {
  const found: (readonly string[])[] = []
  const waiting: (readonly string[])[] = [argv]
  for (let words = waiting.shift(); words && found.length < MOST_COMMANDS; words = waiting.shift()) {
    found.push(words)
    const text = shellText(words) ?? scriptText(words, cwd)
    if (text !== null) waiting.push(...commandsOf(text))
    waiting.unshift(...handedOn(words))
  }
  return found
}

/** Of `sh -c TEXT`. */
function shellText([file = '', flags = '', text]: readonly string[]): string | null {
  return /(?:^|\/)(?:ba|da|z|k)?sh$/.test(file) && /^-\w*c$/.test(flags) ? (text ?? null) : null
}

/** A step of a script is a shell's text that is given the package manager's call as its arguments. */
function handedOn(words: readonly string[]): (readonly string[])[] {
  if (shellText(words) === null) return []
  const at = words.findIndex((word, nth) => nth > 2 && MANAGERS.has(path.basename(word)))
  return at < 0 ? [] : [words.slice(at)]
}

function scriptText(words: readonly string[], cwd: string): string | null {
  const name = scriptName(words)
  if (name === null) return null
  try {
    const manifest: unknown = JSON.parse(fs.readFileSync(path.join(cwd, 'package.json'), 'utf8'))
    const scripts = isObject(manifest) ? manifest['scripts'] : null
    const text = isObject(scripts) && Object.hasOwn(scripts, name) ? scripts[name] : null
    return typeof text === 'string' ? text : null
  } catch {
    return null
  }
}

/** The script that a package manager is told to run; flags with a value apart are not known, so what follows one is no script and finds nothing. */
function scriptName([file = '', ...rest]: readonly string[]): string | null {
  const manager = path.basename(file)
  if (!MANAGERS.has(manager)) return null
  const [verb, name] = rest.filter((word) => !word.startsWith('-'))
  if (verb === 'run' || verb === 'run-script') return name ?? null
  // `bun test` is a runner of its own.
  if (verb === 'test' || verb === 't') return manager === 'bun' ? null : 'test'
  return verb ?? null
}

/** Quotes are taken off, and nothing else of a shell is understood: what is not seen is not judged. */
function commandsOf(text: string): string[][] {
  return text
    .split(/&&|\|\|?|[;\n]/)
    .map((command) =>
      command
        .trim()
        .split(/\s+/)
        .map((word) => word.replaceAll(/^["']|["']$/g, ''))
        .filter((word) => word !== '' && !/^\w+=/.test(word)),
    )
    .filter((words) => words.length > 0)
}
