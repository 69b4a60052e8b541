import { expect } from '@jest/globals'
import { execCommand } from '../../../rig/codex.ts'
import type { Label } from '../label.ts'
import { complete, landed, missing, says, wants, work } from './parts.ts'

/** It leaves its scope, or asks a person. */
export const asks: readonly Label[] = [
  {
    name: 'it leaves its scope: one takes that back when told, the other does not and is parked',
    items: {
      ...wants('004'),
      ...wants('014', { front: 'limits: {attempts: 1, turns: 2}\n' }),
    },
    plays: () => ({
      '004': [
        [execCommand('mkdir -p lib; echo x > lib/004.txt; echo 004 > src/004.txt')],
        complete,
        [execCommand('rm lib/004.txt')],
        complete,
      ],
      '014': [[execCommand('mkdir -p lib; echo x > lib/014.txt; echo 014 > src/014.txt')], complete],
    }),
    expected: { '004': 'done', '014': 'parked attempts' },
    landed: { ...landed('004'), ...missing('014'), 'lib/004.txt': null, 'lib/014.txt': null },
    turns: { '004': 2, '014': 2 },
    check: ({ told }) => {
      for (const id of ['004', '014'])
        for (const words of [`lib/${id}.txt`, 'end your turn with the answer "proposal"'])
          expect(told(id)).toContain(words)
    },
  },
  {
    name: 'it asks for help, and what it wrote does not land',
    items: wants('005'),
    plays: () => ({ '005': [work('005'), says('blocked', 'Nobody gave me the password')] }),
    expected: { '005': 'parked blocked' },
    landed: missing('005'),
    turns: { '005': 1 },
    check: ({ events }) =>
      expect(events).toContainEqual(
        expect.objectContaining({
          type: 'attempt-ended',
          data: expect.objectContaining({
            item: '005',
            failure: { kind: 'parked', code: 'blocked', why: 'Nobody gave me the password' },
            rescue: expect.any(String),
          }),
        }),
      ),
  },
  {
    name: 'it proposes a wider scope, which is a proposal and no right',
    items: wants('006'),
    plays: () => ({
      '006': [
        [execCommand('mkdir -p docs; echo x > docs/006.md; echo 006 > src/006.txt')],
        says('proposal', 'The docs say otherwise', { kind: 'widen-scope', scope: ['docs/**'] }),
      ],
    }),
    expected: { '006': 'parked proposal' },
    landed: { ...missing('006'), 'docs/006.md': null },
    turns: { '006': 1 },
    check: ({ events }) =>
      expect(events).toContainEqual(
        expect.objectContaining({
          type: 'turn-ended',
          data: expect.objectContaining({
            item: '006',
            outcome: {
              kind: 'finished',
              answer: {
                status: 'proposal',
                summary: 'The docs say otherwise',
                proposal: { kind: 'widen-scope', scope: ['docs/**'] },
              },
            },
          }),
        }),
      ),
  },
]
