import { type Document, type Node, isMap, isNode, isScalar, parseDocument, visit } from 'yaml'
import { type Parsed, type Place, lineAt } from './located.ts'

/** YAML 1.2 with the line of every value. One document; unknown tags and doubled keys are errors. */
export function parseYamlText(text: string): Parsed {
  const document = parseDocument(text, {
    prettyErrors: false,
    version: '1.2',
    uniqueKeys: true,
    logLevel: 'error',
  })
  const wrong = [...document.errors, ...document.warnings]
  if (wrong.length > 0)
    return {
      ok: false,
      problems: wrong.map((one) => ({
        line: lineAt(text, one.pos[0]),
        message:
          one.code === 'MULTIPLE_DOCS'
            ? 'one document per file: a second --- stands here'
            : plainer(one.message),
      })),
    }
  const globs = unresolvedAliases(document)
  if (globs.length > 0)
    return {
      ok: false,
      problems: globs.map((offset) => ({
        line: lineAt(text, offset),
        message: 'a value that begins with * means something of its own in YAML: put quotes around a glob',
      })),
    }
  try {
    // Few aliases: a file may be made to grow without end.
    const value: unknown = document.toJS({ maxAliasCount: 50 })
    return { ok: true, located: { value, lineOf: (place) => lineAt(text, offsetOf(document, place)) } }
  } catch (error) {
    return { ok: false, problems: [{ line: 1, message: plainer((error as Error).message) }] }
  }
}

/** Where a `*` begins what names no anchor: nearly always a glob without quotes. */
function unresolvedAliases(document: Document): readonly number[] {
  const offsets: number[] = []
  visit(document, {
    Alias: (_key, node) => {
      if (node.resolve(document) === undefined) offsets.push(startOf(node) ?? 0)
    },
  })
  return offsets
}

/** One value as YAML reads it; null with the reason when it does not. */
export function yamlValue(
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string } {
  const parsed = parseYamlText(text)
  return parsed.ok
    ? { ok: true, value: parsed.located.value }
    : { ok: false, message: parsed.problems[0]?.message ?? 'no YAML' }
}

function offsetOf(document: Document, place: Place): number {
  for (let length = place.length; length > 0; length -= 1) {
    const at = keyOffset(document, place.slice(0, length))
    if (at !== undefined) return at
  }
  return startOf(document.contents) ?? 0
}

/** The key of a mapping's member, because its value may begin lines later; an element itself. */
function keyOffset(document: Document, place: Place): number | undefined {
  const parent: unknown = place.length === 1 ? document.contents : document.getIn(place.slice(0, -1), true)
  const last = place.at(-1)
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => (isScalar(key) ? key.value : key) === last)
    return pair && isNode(pair.key) ? startOf(pair.key) : undefined
  }
  const node: unknown = document.getIn(place, true)
  return isNode(node) ? startOf(node) : undefined
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined
}

function plainer(message: string): string {
  const line = message.split('\n')[0] ?? message
  return line.charAt(0).toLowerCase() + line.slice(1)
}
