import fs from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../rig/root.ts'

/** No codes of ours: zod's name for a check of its own, what the scripted model says in an API's words, and the member of an answer that holds a code. */
const foreign = new Set(['custom', 'context_length_exceeded', 'error_code'])
const word = /'([a-z][a-z0-9]*(?:[-_][a-z0-9]+)*)'/g

/** Every error code in `src`, as it stands in the calls that make failures. */
export function codesInSource(): Set<string> {
  const codes = new Set<string>()
  for (const file of sourceFiles(path.join(projectRoot, 'src')))
    for (const code of codesIn(fs.readFileSync(file, 'utf8'), !isOfBatch(file)))
      if (!foreign.has(code)) codes.add(code)
  return codes
}

/** There a member called `code` says why an item is parked or a batch at rest, see `batchCodes`, or what an audit found. */
function isOfBatch(file: string): boolean {
  return /\/src\/(?:supervisor\/|views\/(?:batch-|audit\/batch\/))/.test(file)
}

/** Every code of a parked item and of a batch at rest, as their types have them. */
export function batchCodes(): string[] {
  const text = fs.readFileSync(path.join(projectRoot, 'src/supervisor/record/endings.ts'), 'utf8')
  const types = [...text.matchAll(/^export type (?:ParkCode|Rest) =([^]*?)\n(?:\n|(?![^]))/gm)].map(
    ([, type = '']) => type,
  )
  return types.flatMap((type) =>
    [...type.replaceAll(/state: '[a-z]+'/g, '').matchAll(word)].map(([, code = '']) => code),
  )
}

/** Codes in one source text: arguments of calls that make failures, and with `members` those called `code`. */
export function codesIn(text: string, members = true): string[] {
  const calls = [...text.matchAll(/(?<![.\w])(?:fail|problemsFailure|system)\(/g)]
  const firsts = calls.map(({ index }) =>
    firstArgument(text.slice(index + text.slice(index).indexOf('(') + 1)),
  )
  const named = [...text.matchAll(/\bcode: ([^,}\n]+)/g)].map((match) => match[1] ?? '')
  const chosen = [...text.matchAll(/\bconst code =([^;]*?)\n {2}\w/g)].map((match) => match[1] ?? '')
  return [...firsts, ...(members ? [...named, ...chosen] : [])].flatMap((part) => literals(part, text))
}

function literals(part: string, text: string): string[] {
  const template = /^\s*`\$\{name\}(-[a-z-]+)`/.exec(part)?.[1]
  if (template !== undefined) return placeNames(text).map((name) => name + template)
  // What is compared or looked for is not what is said.
  const said = part.replaceAll(/[!=]== '[^']*'|\['[^']*'\]|'[^']*' in \w/g, '')
  return [...said.matchAll(word)].flatMap((match) => match[1] ?? [])
}

/** First members of the rows `['home', …]` that a template's `name` runs through. */
function placeNames(text: string): string[] {
  return [...text.matchAll(/^\s*\['([a-z-]+)', /gm)].flatMap((match) => match[1] ?? [])
}

function firstArgument(text: string): string {
  let depth = 0
  let quote = ''
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === "'" || char === '`') quote = char
    else if ('([{'.includes(char)) depth += 1
    else if (')]}'.includes(char) && depth > 0) depth -= 1
    else if (depth === 0 && (char === ',' || char === ')')) return text.slice(0, at)
  }
  return ''
}

function sourceFiles(dir: string): string[] {
  return fs
    .readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(dir, name))
}
