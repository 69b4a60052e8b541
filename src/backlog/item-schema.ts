import * as z from 'zod/mini'
import type { FileShape } from '../contract/contract-file.ts'
import { fileHints, fileSchema } from '../contract/file/file-schema.ts'
import { fallbackHint } from '../contract/hints.ts'
import { byDefault, count, flag, name, once } from '../contract/schema-parts.ts'
import type { Hint } from '../contract/types.ts'

/* The members of an item's file besides those of a contract. `limits` and `scope` mean something else in an item, or are required. */

const idSchema = () =>
  z.union([z.string().check(z.regex(/^\d{1,6}$/)), z.int().check(z.minimum(0), z.maximum(999_999))])

const limits = () =>
  z.strictObject({
    attempts: z.exactOptional(count()),
    turns: z.exactOptional(count()),
    minutes: z.exactOptional(z.number().check(z.positive(), z.maximum(100_000))),
    tokens: z.exactOptional(z.int().check(z.positive())),
  })

const itemSchemas = once(() => {
  const parts = { limits: limits() }
  const whole = z.extend(fileSchema(), {
    limits: byDefault(parts.limits, {}),
    scope: z.array(z.string()),
    after: byDefault(z.array(idSchema()).check(z.maxLength(200)), []),
    priority: byDefault(z.int().check(z.minimum(1), z.maximum(9)), 3),
    exclusive: byDefault(z.array(name()).check(z.maxLength(50)), []),
    mends: byDefault(z.array(name()).check(z.maxLength(50)), []),
    agent: z.exactOptional(name()),
    review: z.exactOptional(z.array(name()).check(z.maxLength(20))),
    allowVacuous: flag(false),
  })
  return { ...parts, whole }
})

export const itemSchema = () => itemSchemas().whole

const hints: Readonly<Record<string, Hint>> = {
  ...fileHints,
  limits: { allowed: 'an object', example: '{"attempts": 5, "turns": 12}' },
  'limits.attempts': { allowed: 'a whole number, 1 to 10000', example: '5' },
  'limits.turns': { allowed: 'a whole number, 1 to 10000', example: '12' },
  'limits.minutes': { allowed: 'a number above 0, at most 100000', example: '60' },
  'limits.tokens': { allowed: 'a whole number above 0', example: '2000000' },
  after: { allowed: 'a list of numbers of items', example: '[001]' },
  'after.*': { allowed: 'the number of an item', example: '001' },
  priority: { allowed: 'a whole number, 1 (first) to 9', example: '3' },
  exclusive: { allowed: 'a list of words', example: '[db]' },
  'exclusive.*': { allowed: 'a word: letters, digits and `_ @ : . / + -`', example: 'db' },
  mends: { allowed: 'a list of commands of the final profile', example: '[test]' },
  'mends.*': { allowed: 'the name of a command', example: 'test' },
  agent: { allowed: 'the name of an agent in supervisor.agents', example: 'codex' },
  review: { allowed: 'a list of names of agents in supervisor.agents', example: '[claude]' },
  'review.*': { allowed: 'the name of an agent in supervisor.agents', example: 'claude' },
  allowVacuous: { allowed: 'true or false', example: 'true' },
}

/** An item's file for checkParsed. */
export const itemShape: FileShape = {
  schema: itemSchema,
  field: (path) => {
    const key = path.map((one) => (typeof one === 'number' ? '*' : String(one))).join('.')
    const { whole, limits: inner } = itemSchemas()
    const keys = key === '' ? Object.keys(whole.shape) : key === 'limits' ? Object.keys(inner.shape) : []
    return { hint: hints[key] ?? fallbackHint, keys }
  },
}
