import { expect } from '@jest/globals'
import { execCommand, inputTexts } from '../../../rig/codex.ts'
import type { Label } from '../label.ts'
import { complete, landed, missing, wants, work } from './parts.ts'

/** What it says of its work, and whether that is so. */
export const claims: readonly Label[] = [
  {
    name: 'it works and says so',
    items: wants('001'),
    plays: () => ({ '001': [work('001'), complete] }),
    expected: { '001': 'done' },
    landed: landed('001'),
    turns: { '001': 1 },
  },
  {
    name: 'it claims without work, is told so in the same conversation, and works',
    items: wants('002'),
    plays: () => ({ '002': [complete, work('002'), complete] }),
    expected: { '002': 'done' },
    landed: landed('002'),
    turns: { '002': 2 },
    check: ({ asked, conversations }) => {
      expect(conversations('002')).toHaveLength(1)
      const [, , last] = asked('002').map((request) => inputTexts(request))
      const heard = last!.findIndex((text) => text.includes('nothing has changed yet'))
      const claimed = last!.findIndex((text) => text.includes('"status":"complete"'))
      expect(claimed).toBeGreaterThan(0)
      expect(heard).toBeGreaterThan(claimed)
    },
  },
  {
    name: 'it never works and always claims: no progress',
    items: wants('003'),
    plays: () => ({ '003': [complete] }),
    expected: { '003': 'parked no-progress' },
    landed: missing('003'),
    // Twice in each of two attempts.
    turns: { '003': 4 },
    check: ({ conversations }) => expect(conversations('003')).toHaveLength(2),
  },
  {
    name: 'its gate is red, and it mends that',
    items: wants('010'),
    plays: () => ({
      '010': [
        [execCommand('echo bad > src/bad.txt; echo 010 > src/010.txt')],
        complete,
        [execCommand('rm src/bad.txt')],
        complete,
      ],
    }),
    expected: { '010': 'done' },
    landed: { ...landed('010'), 'src/bad.txt': null },
    turns: { '010': 2 },
    check: ({ told }) => expect(told('010')).toContain('bad.txt is there'),
  },
]
