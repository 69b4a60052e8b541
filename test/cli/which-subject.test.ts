import { expect, test } from '@jest/globals'
import { looksLikeBatch } from '../../src/cli/which-subject.ts'
import { batchId } from '../../src/supervisor/batch/paths.ts'

const batch = batchId(Date.UTC(2026, 10, 30, 13, 50, 45), '9f3c')

test.each([
  [batch, true],
  [batch.slice(0, 9), true],
  [batch.slice(0, 12), true],
  [batch.slice(0, 18), true],
  // Sessions of Claude Code, whose ids are random.
  ['83013547-dd7a-4970-962b-d5620c679274', false],
  ['20261130-1350-4970-962b-d5620c679274', false],
  ['20261130-dd7a-4970-962b-d5620c679274', false],
  ['0199aaaa-0000-7000-8000-000000000009', false],
  ['83013547', false],
])('%s: a batch? %s', (id, expected) => {
  expect(looksLikeBatch(id)).toBe(expected)
})
