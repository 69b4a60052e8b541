import { expect, test } from '@jest/globals'
import { config, play, roomConfig } from './lab.ts'

const [nfc, nfd] = ['docs/caf\u00e9.md', 'docs/cafe\u0301.md']

test('a room has a name in the form that it has in the workspace; evidence means either', async () => {
  const gate = ['sh', '-c', `grep -qx new '${nfd}' && ! test -e '${nfc}' || { ls docs; exit 1; }`]
  const task = {
    id: 'T1',
    title: 'Write notes',
    evidence: [
      { kind: 'pathChanged', path: nfc },
      { kind: 'fileMatches', path: nfc, pattern: '^new$' },
    ],
  }
  await play(
    {
      files: { [config]: roomConfig(gate), [nfc]: 'old\n' },
      task,
      agent: [`mv '${nfc}' '${nfd}'`, `echo new > '${nfd}'`],
    },
    ({ blocks, run }) => {
      expect(blocks).toHaveLength(1)
      expect(run).toMatchObject({ state: 'released', gates: [{ place: 'clean-room' }] })
    },
  )
})
