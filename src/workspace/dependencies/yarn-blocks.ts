import type { JsonObject } from '../../base/json.ts'
import type { Additions } from './parts.ts'

/** One entry of a `yarn.lock` of version 1: the ways in which it is asked for, and its fields. */
export interface YarnBlock {
  readonly ways: readonly string[]
  readonly fields: JsonObject
}

const WORD = /"(?:[^"\\\n]|\\.)*"|[^\s",:][^\s",]*/y

/** Reads the whole file or throws: a line that is none of what yarn writes may mean something else to yarn. */
export function yarnBlocks(text: string): YarnBlock[] {
  const blocks: { ways: string[]; fields: Record<string, unknown> }[] = []
  let table: Record<string, unknown> | null = null
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:#.*)?$/.test(line)) continue
    const depth = /^ */.exec(line)?.[0].length ?? 0
    const block = blocks.at(-1)
    if (depth === 0) {
      blocks.push({ ways: headOf(line), fields: Object.create(null) as Record<string, unknown> })
      table = null
    } else if (depth === 2 && block !== undefined) {
      const [name, value] = pairOf(line)
      if (name in block.fields) throw new TypeError(`${name} is there twice`)
      table = value === null ? (Object.create(null) as Record<string, unknown>) : null
      block.fields[name] = value ?? table
    } else if (depth === 4 && table !== null) {
      const [name, value] = pairOf(line)
      if (value === null || name in table) throw new TypeError(`${name} has no value, or two`)
      table[name] = value
    } else throw new TypeError(`a line that is not yarn's: ${line}`)
  }
  return blocks
}

/** `a@1, "b@>=2 <3":` */
function headOf(line: string): string[] {
  if (!line.endsWith(':')) throw new TypeError(`a head without its end: ${line}`)
  return line
    .slice(0, -1)
    .split(', ')
    .map((word) => wordOf(word))
}

/** `name "value"`, or `name:` for a table. */
function pairOf(line: string): [string, string | null] {
  const words = line.trim()
  if (words.endsWith(':') && !words.includes(' ')) return [wordOf(words.slice(0, -1)), null]
  WORD.lastIndex = 0
  const name = WORD.exec(words)?.[0] ?? ''
  if (words[name.length] !== ' ') throw new TypeError(`a name without a value: ${line}`)
  return [wordOf(name), wordOf(words.slice(name.length + 1))]
}

function wordOf(text: string): string {
  WORD.lastIndex = 0
  const bare = /^[^\s",]+$/.test(text)
  if (!bare && WORD.exec(text)?.[0] !== text) throw new TypeError(`not one word: ${text}`)
  return text.startsWith('"') ? (JSON.parse(text) as string) : text
}

/** The text of the start, and the entries that are added as they are written now; null where an entry of the start has a new way. */
export function withBlocks(
  was: string,
  now: string,
  keyOf: (block: YarnBlock) => string,
  { keys, ways }: Additions,
): string | null {
  const missing = new Set(ways)
  const added = now.split(/\n{2,}(?=[^\s#])/).filter((part) => {
    const [block] = yarnBlocks(part)
    if (block === undefined || !keys.has(keyOf(block))) return false
    for (const way of block.ways) missing.delete(way)
    return true
  })
  return missing.size > 0 ? null : `${[was.trimEnd(), ...added.map((part) => part.trimEnd())].join('\n\n')}\n`
}
