import { expect, test } from '@jest/globals'
import { workForm } from '../../src/agents/answer.ts'
import { formWords, spokenAnswer } from '../../src/agents/spoken-answer.ts'

const object = '{"status":"complete","summary":"x","proposal":null}'
const kindOf = (message: string): string => spokenAnswer(message, workForm).kind

test.each([
  object,
  `\n ${object}\n`,
  '```json\n' + object + '\n```',
  '```\n' + object + '\n```\n',
  '````\r\n' + object + '\r\n````',
])('taken: %j', (message) => {
  expect(spokenAnswer(message, workForm)).toEqual({
    kind: 'finished',
    answer: { status: 'complete', summary: 'x' },
  })
})

test.each([
  '',
  'Done.',
  `Done: ${object}`,
  `${object}\nDone.`,
  'Done.\n```json\n' + object + '\n```',
  '```json\n' + object + '\n```\n```json\n' + object + '\n```',
  '```js\n' + object + '\n```',
  '```json\n' + object,
  `[${object}]`,
  object + object,
  '{"status":"complete"}',
  '{"status":"done","summary":"x","proposal":null}',
  '{"status":"complete","summary":"x","proposal":null,"more":1}',
])('not taken: %j', (message) => {
  expect(kindOf(message)).toBe('unreadable')
})

test('the form of the answer is told with its schema', () => {
  expect(formWords(workForm)).toContain(JSON.stringify(workForm.jsonSchema()))
})
