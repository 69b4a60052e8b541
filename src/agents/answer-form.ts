import * as z from 'zod/mini'
import { type JsonObject, isObject, parseJson } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { fieldTwice } from './field-twice.ts'

/** What the answer of a turn has to look like, and how it is read. */
export interface AnswerForm<A> {
  /** In messages; a word. */
  readonly name: string
  /** What a model may leave out it gives as null instead: such a field is optional and nullable here. */
  readonly schema: z.ZodMiniType<A>
  /** The same as models are asked for it, see `strictJsonSchema`. */
  readonly jsonSchema: () => JsonObject
  /** What a command means that ends well and leaves no answer; null: it owed one. */
  readonly unsaid: A | null
  /** What a conversation means that ends its turn without a word; null: it owed an answer. */
  readonly unspoken: A | null
}

export function answerForm<A>(
  name: string,
  schema: z.ZodMiniType<A>,
  { unsaid = null, unspoken = null }: Partial<Pick<AnswerForm<A>, 'unsaid' | 'unspoken'>> = {},
): AnswerForm<A> {
  return { name, schema, jsonSchema: () => strictJsonSchema(schema), unsaid, unspoken }
}

const MAX_BYTES = 1 << 20

/** Null: there is no file. Codes: agent-answer, those of readTextSafe. */
export function readAnswer<A>(file: string, { schema }: Pick<AnswerForm<A>, 'schema'>): Result<A | null> {
  const text = readTextSafe(file, { maxBytes: MAX_BYTES })
  if (!text.ok) return text.error.code === 'missing' ? ok(null) : text
  return parseAnswer(text.value, file, { schema })
}

/** `where`: for messages. Code: agent-answer, those of parseJson. */
export function parseAnswer<A>(
  text: string,
  where: string,
  { schema }: Pick<AnswerForm<A>, 'schema'>,
): Result<A> {
  const json = parseJson(text, where)
  if (!json.ok) return json
  const twice = fieldTwice(text)
  if (twice !== null) return fail('agent-answer', `${where} says ${JSON.stringify(twice)} twice`)
  const parsed = z.safeParse(schema, json.value)
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  return fail('agent-answer', `${where} ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}`)
}

/** Keywords that strict mode knows. Bounds are asked when the answer is read. */
const KNOWN = new Set(['type', 'properties', 'items', 'anyOf', 'enum', 'const', 'description'])

/**
 * The schema as OpenAI's strict mode takes it: every property required, no other ones, alternatives as `anyOf`, and an object at
 * the root. Throws where the root is anything else, which is a mistake of ours.
 */
export function strictJsonSchema(schema: z.ZodMiniType): JsonObject {
  const strict = inStrictMode(z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }))
  if (strict['type'] !== 'object') throw new Error('the root of an answer is an object')
  return strict
}

function inStrictMode(schema: JsonObject): JsonObject {
  const { properties, items } = schema
  const kept = Object.entries(schema).filter(([key]) => KNOWN.has(key))
  const choices = [schema['anyOf'], schema['oneOf']].find(Array.isArray)
  return {
    ...Object.fromEntries(kept),
    ...(isObject(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [
          key,
          isObject(value) ? inStrictMode(value) : value,
        ]),
      ),
      required: Object.keys(properties),
      additionalProperties: false,
    }),
    ...(isObject(items) && { items: inStrictMode(items) }),
    ...(choices && { anyOf: choices.map((one) => (isObject(one) ? inStrictMode(one) : (one as unknown))) }),
  }
}
