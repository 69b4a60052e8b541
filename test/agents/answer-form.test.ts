import fs from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import * as z from 'zod/mini'
import { workForm } from '../../src/agents/answer.ts'
import { answerForm, parseAnswer } from '../../src/agents/answer-form.ts'
import { type JsonObject, isObject } from '../../src/base/json.ts'
import { type Lab, makeLab, said, sh, watch } from './rig.ts'

let lab: Lab
beforeEach(() => {
  lab = makeLab()
})
afterEach(() => lab.remove())

const planForm = answerForm(
  'plan',
  z.strictObject({
    steps: z.array(z.string().check(z.minLength(1))),
    risk: z.optional(z.nullable(z.enum(['low', 'high']))),
  }),
)

test('schemas are what strict mode takes: all required, nothing else, alternatives by anyOf, an object at the root', () => {
  for (const jsonSchema of [workForm.jsonSchema(), planForm.jsonSchema()]) {
    expect(jsonSchema).toMatchObject({ type: 'object', additionalProperties: false })
    for (const each of objectsIn(jsonSchema)) {
      expect(Object.keys(each).filter((key) => !STRICT.has(key))).toEqual([])
      if ('properties' in each)
        expect(each).toMatchObject({
          required: Object.keys(each['properties'] as object),
          additionalProperties: false,
        })
    }
  }
  expect(planForm.jsonSchema()).toEqual({
    type: 'object',
    properties: {
      steps: { type: 'array', items: { type: 'string' } },
      risk: { anyOf: [{ type: 'string', enum: ['low', 'high'] }, { type: 'null' }] },
    },
    required: ['steps', 'risk'],
    additionalProperties: false,
  })
})

const STRICT = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'anyOf',
  'enum',
  'const',
])

/** All schemas in it. */
function objectsIn(schema: JsonObject): JsonObject[] {
  const { properties, items, anyOf } = schema
  const inner = [
    ...(isObject(properties) ? Object.values(properties) : []),
    items,
    ...(Array.isArray(anyOf) ? (anyOf as unknown[]) : []),
  ]
  return [schema, ...inner.filter(isObject).flatMap(objectsIn)]
}

test.each([
  ['{"status":"complete","summary":"x","proposal":null}', { status: 'complete', summary: 'x' }],
  ['{"status":"complete","summary":"x"}', { status: 'complete', summary: 'x' }],
  ['{"status":"proposal","summary":"x","proposal":null}', null],
  ['{"status":"blocked","summary":"x","proposal":{"kind":"widen-scope","scope":["a"]}}', null],
])('a worker leaves out what it has nothing to say of, or says null: %s', (text, answer) => {
  const read = parseAnswer(text, 'answer', workForm)
  expect(read.ok ? read.value : null).toEqual(answer)
})

test('a planner answers by its own form, finds it beside the prompt, and cannot write the workspace', async () => {
  const agent = lab.agent(
    sh(`cat "$AUTONOMOUS_LOOP_SCHEMA_FILE"; pwd; echo x 2> "$TMPDIR/e" > new.txt || echo no
    echo '{"steps":["one"],"risk":null}' > "$AUTONOMOUS_LOOP_RESULT_FILE"`),
  )
  const run = watch(agent, { ...lab.turn, role: 'plan', form: planForm })
  expect(await run.outcome).toEqual({ kind: 'finished', answer: { steps: ['one'], risk: null } })
  expect(said(lab)).toBe(`${JSON.stringify(planForm.jsonSchema())}\n${lab.workspace}\nno\n`)
  expect(fs.existsSync(`${lab.workspace}/new.txt`)).toBe(false)
})

test('a planner that says nothing owes its answer', async () => {
  const agent = lab.agent({ argv: ['true'], sandbox: 'off' })
  expect(await watch(agent, { ...lab.turn, role: 'plan', form: planForm }).outcome).toEqual({
    kind: 'unreadable',
    why: 'it left no answer',
  })
})
