import path from 'node:path'
import { type ParseError, parse } from 'jsonc-parser'
import { type JsonObject, isObject } from '../../base/json.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, fail, ok } from '../../base/result.ts'

export const settingsFile = (config: string): string => path.join(config, 'settings.json')

/** What the person's settings of Gemini say; empty where there are none. Code: agent-unusable. */
export function personSettings(config: string): Result<JsonObject> {
  const file = settingsFile(config)
  const text = readTextSafe(file, { maxBytes: 1 << 20 })
  if (!text.ok && text.error.code === 'missing') return ok({})
  const errors: ParseError[] = []
  const value: unknown = text.ok ? parse(text.value, errors, { allowTrailingComma: false }) : null
  return text.ok && errors.length === 0 && isObject(value)
    ? ok(value)
    : fail('agent-unusable', `${file} is not a JSON object, so Gemini cannot be started with it`, {
        fix: `correct ${file}`,
      })
}

/** How the person signs in, by their settings; null: they do not say. */
export function authTypeIn(settings: JsonObject): string | null {
  const { security } = settings
  const auth = isObject(security) ? security['auth'] : null
  const type = isObject(auth) ? auth['selectedType'] : null
  return typeof type === 'string' && type !== '' ? type : null
}
