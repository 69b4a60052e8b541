import { expect, test } from '@jest/globals'
import { config, play } from '../clean-room/lab.ts'

const free = JSON.stringify({
  version: 2,
  commands: {},
  gateProfiles: { fast: [], default: [], final: [] },
  policy: { gates: 'none' },
})

test('an agent in the sandbox is told of evidence that protects nothing, and is released all the same', async () => {
  const task = {
    id: 'T1',
    title: 'Write notes',
    evidence: [
      { kind: 'pathChanged', path: 'NOTES.md' },
      { kind: 'pathUnchanged', path: 'LICENCE' },
      { kind: 'pathUnchanged', path: 'LICENSE' },
    ],
  }
  const nothing = [{ task_id: 'T1', index: 1, evidence: 'pathUnchanged LICENCE' }]
  await play(
    { files: { [config]: free, LICENSE: 'free\n' }, task, agent: ['true'] },
    ({ run, blocks, lab }) => {
      expect(blocks).toEqual([])
      expect(run).toMatchObject({ state: 'released', protects_nothing: nothing })
      expect(JSON.stringify(lab.requests)).toMatch(/protects_nothing/)
    },
  )
})
