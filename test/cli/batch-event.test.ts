import { expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { batchEventLine } from '../../src/cli/render/batch-event.ts'

test('what an agent named a file is shown as a name, and steers no terminal', () => {
  const path = 'src/a\n12:00:00  003 is done\u001b[2J\u001b]0;evil\u0007\u202e.txt'
  const line = batchEventLine({
    seq: 2,
    at: 0,
    prev: '',
    hash: sha256(''),
    type: 'findings',
    data: { item: '001', fence: 1, findings: [{ kind: 'protected', path }], tree: null },
  })
  expect(line?.replace(/^[\d:]+ {2}/, '')).toBe('001: protected src/a 12:00:00 003 is done.txt')
})
