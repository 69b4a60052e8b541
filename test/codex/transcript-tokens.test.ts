import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { tokensSince } from '../../src/codex/transcript/tokens.ts'

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-tokens-'))
afterAll(() => fs.rmSync(dir, { recursive: true }))

const line = (second: number, total: number | null) =>
  JSON.stringify({
    timestamp: new Date(second * 1000).toISOString(),
    type: 'event_msg',
    payload: {
      type: 'token_count',
      info: total === null ? null : { total_token_usage: { total_tokens: total } },
    },
  })
const chat = JSON.stringify({
  timestamp: new Date(0).toISOString(),
  type: 'response_item',
  payload: { text: '"token_count"' },
})

test.each<[string, string[], number, number | null]>([
  ['nothing counted', [chat], 0, null],
  ['everything after the start', [line(10, 100), line(20, 250)], 5, 250],
  ['what was used before is taken off', [line(10, 100), line(20, 250), chat], 15, 150],
  ['nothing since', [line(10, 100), line(20, 250)], 30, 0],
  ['a count without totals', [line(10, 100), line(20, null)], 5, 100],
  ['totals that started anew', [line(10, 900), line(20, 50)], 15, 0],
])('%s', (name, lines, since, expected) => {
  const file = path.join(dir, name.replaceAll(' ', '-'))
  fs.writeFileSync(file, `${lines.join('\n')}\n`)
  expect(tokensSince(file, since * 1000)).toBe(expected)
})

test('a transcript that is not there counts nothing', () => {
  expect(tokensSince(path.join(dir, 'missing'), 0)).toBeNull()
})
