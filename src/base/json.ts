import { type Result, fail, ok } from './result.ts'

/** JSON.parse as a value: the message carries the parser's own position. */
export function parseJson(text: string, what: string): Result<unknown> {
  try {
    return ok(JSON.parse(text) as unknown)
  } catch (error) {
    return fail('invalid-json', `${what} is not valid JSON: ${(error as Error).message}`)
  }
}

export type JsonObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
