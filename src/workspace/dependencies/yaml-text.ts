import { parse } from 'yaml'
import { type JsonObject, isObject } from '../../base/json.ts'

/**
 * Reads what package managers write in YAML, and refuses what readers of YAML 1.1 and 1.2 do not agree on: references and merged keys.
 * Plain words are texts alone (`failsafe`) or numbers and booleans too (`core`), as the manager itself reads its file.
 */
export function yamlObject(text: string, schema: 'core' | 'failsafe'): JsonObject {
  if (text.includes('<<')) throw new TypeError('it has merged keys')
  const value: unknown = parse(text, { schema, maxAliasCount: 0, logLevel: 'error' })
  if (!isObject(value)) throw new TypeError('it is no object')
  return value
}
