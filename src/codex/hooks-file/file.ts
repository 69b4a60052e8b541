import { type Node, parseTree } from 'jsonc-parser'
import { type Result, fail, ok } from '../../base/result.ts'

/** A marker inside our groups. Codex ignores unknown keys of a group and leaves them out of the trusted hash. */
export const OWNER_KEY = 'autonomousLoop'

export const MAX_HOOKS_JSON_CHARS = 4 * 1024 * 1024
/** Far beyond what hooks need, and safely below what a recursive parser stands. */
const MAX_DEPTH = 64

/** One group of hooks.json as it stands in the text. */
export interface GroupNode {
  readonly event: string
  readonly index: number
  readonly node: Node
  readonly ours: boolean
}

/** Codex's hooks.json, or Claude Code's settings.json, which holds the same `hooks` beside much else. */
export type HooksForm = 'hooks' | 'settings'

/** A file with hooks that its program would take, with positions. */
export interface HooksFile {
  readonly form: HooksForm
  readonly text: string
  readonly root: Node
  /** Value of `hooks`, if there is one. */
  readonly hooks: Node | undefined
  /** Event → its array. */
  readonly events: ReadonlyMap<string, Node>
  readonly groups: readonly GroupNode[]
}

/**
 * Reads hooks.json as strictly as Codex does, and settings.json as strictly as Claude Code (other keys are allowed there): one strict JSON object with `description` and `hooks` only; comments,
 * trailing commas, a byte order mark or doubled keys make Codex drop the whole file. Failure: `hooks-json-invalid`
 * with line and column.
 */
export function readHooksFile(text: string, form: HooksForm = 'hooks'): Result<HooksFile> {
  const invalid = (at: string, offset: number, why: string) => invalidIn(form, at, offset, why)
  if (text.length > MAX_HOOKS_JSON_CHARS) return invalid(text, 0, `it has ${text.length} characters`)
  if (text.startsWith('\ufeff')) return invalid(text, 0, 'it begins with a byte order mark')
  const deep = tooDeep(text)
  if (deep !== null) return invalid(text, deep, `it is nested more than ${MAX_DEPTH} deep`)
  const errors: { offset: number }[] = []
  const root = parseTree(text, errors as never, { disallowComments: true })
  try {
    JSON.parse(text)
  } catch {
    return invalid(text, errors[0]?.offset ?? text.length, 'it is not strict JSON')
  }
  if (root?.type !== 'object') return invalid(text, root?.offset ?? 0, 'it must be an object')
  const doubled = doubledKey(root)
  if (doubled) return invalid(text, doubled.offset, `the key ${JSON.stringify(doubled.value)} is there twice`)
  return shape(text, root, form)
}

function shape(text: string, root: Node, form: HooksForm): Result<HooksFile> {
  const invalid = (at: string, offset: number, why: string) => invalidIn(form, at, offset, why)
  const foreign = jsonMembers(root).find(({ key }) => key.value !== 'hooks' && key.value !== 'description')
  if (foreign && form === 'hooks')
    return invalid(
      text,
      foreign.key.offset,
      `Codex allows only "description" and "hooks" at the top, not ${JSON.stringify(foreign.key.value)}`,
    )
  const hooks = jsonMembers(root).find(({ key }) => key.value === 'hooks')?.value
  if (hooks && hooks.type !== 'object') return invalid(text, hooks.offset, '"hooks" must be an object')
  const events = new Map<string, Node>()
  const groups: GroupNode[] = []
  for (const { key, value } of jsonMembers(hooks)) {
    const event = String(key.value)
    if (value.type !== 'array') return invalid(text, value.offset, `hooks.${event} must be an array`)
    events.set(event, value)
    for (const [index, node] of (value.children ?? []).entries()) {
      if (node.type !== 'object')
        return invalid(text, node.offset, `hooks.${event}[${index}] must be an object`)
      groups.push({
        event,
        index,
        node,
        ours: jsonMembers(node).some((member) => member.key.value === OWNER_KEY),
      })
    }
  }
  return ok({ form, text, root, hooks, events, groups })
}

/** The properties of an object node. */
export function jsonMembers(node: Node | undefined): { key: Node; value: Node }[] {
  return (node?.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? []
    return key && value ? [{ key, value }] : []
  })
}

function doubledKey(node: Node): Node | undefined {
  const seen = new Set<unknown>()
  for (const child of node.children ?? []) {
    if (child.type === 'property') {
      const [key, value] = child.children ?? []
      if (key && seen.has(key.value)) return key
      seen.add(key?.value)
      const inner = value && doubledKey(value)
      if (inner) return inner
    } else {
      const inner = doubledKey(child)
      if (inner) return inner
    }
  }
  return undefined
}

/** Offset where the nesting gets too deep, else null. Counts brackets outside strings; exact for valid JSON. */
function tooDeep(text: string): number | null {
  let depth = 0
  let quoted = false
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]
    if (char === '"') quoted = !quoted
    else if (quoted) index += char === '\\' ? 1 : 0
    else if (char === '[' || char === '{') depth += 1
    else if (char === ']' || char === '}') depth -= 1
    if (depth > MAX_DEPTH) return index
  }
  return null
}

function invalidIn(form: HooksForm, text: string, offset: number, why: string): Result<never> {
  const before = text.slice(0, offset).split('\n')
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1]
  return fail('hooks-json-invalid', `${form}.json is not usable: ${why} (line ${line}, column ${column})`, {
    fix: `correct ${form}.json by hand; nothing was changed in it`,
    data: { line, column },
  })
}
