import { type Node, parseTree } from 'jsonc-parser'
import { jsonMembers } from '../codex/hooks-file/file.ts'
import { applyEdits, insertAtEnd, removeChild } from '../codex/hooks-file/text-insert.ts'

/**
 * Claude Code ends a turn although a hook blocks, after so many blocks in a row without a tool call: 8 by default, never with `0`. Set in
 * the `env` of settings.json it holds for every session; a project's own settings go before it (all measured on 2.1.332).
 */
export const capVariable = 'CLAUDE_CODE_STOP_HOOK_BLOCK_CAP'
export const defaultCap = '8'

/** What raising the cap put into settings.json. JSON, kept in machine.json. */
export interface RaisedCap {
  /** The exact text that was inserted. */
  readonly piece: string
  /** `env` is ours as well. */
  readonly env: boolean
}

/** The value that the settings set; null where they set none. The text is strict JSON. */
export function capIn(text: string): string | null {
  const value = member(member(parseTree(text), 'env'), capVariable)?.value as unknown
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

/** The settings with the cap lifted, as one pure insertion; null where they say a value of their own, or `env` is no object. */
export function liftCap(text: string): { readonly text: string; readonly raised: RaisedCap } | null {
  const root = parseTree(text)
  const env = member(root, 'env')
  if (root === undefined || (env && env.type !== 'object') || capIn(text) !== null) return null
  const edit = env
    ? insertAtEnd(text, env, [{ key: capVariable, value: '0' }])
    : insertAtEnd(text, root, [{ key: 'env', value: { [capVariable]: '0' } }])
  return { text: applyEdits(text, [edit]), raised: { piece: edit.content, env: env === undefined } }
}

/** The settings without it; the very bytes from before where the piece still stands as it was put. */
export function dropCap(text: string, raised: RaisedCap): string {
  const parts = text.split(raised.piece)
  if (parts.length === 2 && isObjectText(parts.join(''))) return parts.join('')
  if (capIn(text) !== '0') return text
  const less = without(text, (root) => member(root, 'env'), capVariable)
  const env = member(parseTree(less), 'env')
  return raised.env && env?.children?.length === 0 ? without(less, (root) => root, 'env') : less
}

function without(text: string, of: (root: Node | undefined) => Node | undefined, key: string): string {
  const container = of(parseTree(text))
  const index = jsonMembers(container).findIndex((one) => one.key.value === key)
  return container === undefined || index < 0 ? text : applyEdits(text, [removeChild(container, index)])
}

function member(node: Node | undefined, key: string): Node | undefined {
  return jsonMembers(node).find((one) => one.key.value === key)?.value
}

function isObjectText(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}
