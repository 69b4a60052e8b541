import { isObject } from '../../base/json.ts'
import type { ModelRequest } from './scripted-model.ts'

/**
 * Every input item of a request as one text, in order: `message:user …`, `function_call_output …`. What the model
 * sees, for tests and for `prove` to look into.
 */
export function inputTexts(request: Pick<ModelRequest, 'body'>): string[] {
  const input = request.body['input']
  if (typeof input === 'string') return [`message:user ${input}`]
  if (!Array.isArray(input)) return []
  return input.filter(isObject).map((item) => {
    const head = typeof item['role'] === 'string' ? `${String(item['type'])}:${item['role']}` : item['type']
    return `${String(head)} ${itemText(item['content'] ?? item['output'] ?? item['arguments'] ?? item['input'])}`
  })
}

/** Names of the tools a request offers; those of a namespace as `namespace.name`. */
export function toolNames(request: Pick<ModelRequest, 'body'>): string[] {
  const tools = request.body['tools']
  if (!Array.isArray(tools)) return []
  return tools.filter(isObject).flatMap((tool) => {
    const name = String(tool['name'] ?? tool['type'])
    const inner = tool['tools']
    return Array.isArray(inner)
      ? [name, ...inner.filter(isObject).map((each) => `${name}.${String(each['name'])}`)]
      : [name]
  })
}

function itemText(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value))
    return value
      .map((part) =>
        isObject(part) && typeof part['text'] === 'string' ? part['text'] : JSON.stringify(part),
      )
      .join('\n')
  return value === undefined ? '' : JSON.stringify(value)
}
