import { expect, test } from '@jest/globals'
import { startContent } from '../../../src/workspace/room/start-content.ts'
import { value } from '../../evidence/rig.ts'
import { contentOf, enter, sh, treeOf, withRoom } from './rig.ts'

test('a room has what it is asked for as at the start, more of it and less of it, one after the other', async () => {
  const start =
    'git init -q; mkdir t s; echo a > t/a; echo b > t/b; echo run > s/run; chmod +x s/run; git add -A; git commit -qm start'
  await withRoom(
    start,
    'echo a2 > t/a; rm t/b; echo c > t/c; echo no > s/run',
    async (rig, _room, baseline) => {
      const work = contentOf(rig.root)
      const asked = { root: rig.root, baselines: [baseline], kept: new Map() }
      const of = async (...files: string[]) => value(await startContent(asked, files, rig.options))
      const as = { 't/a': 'a\n', 't/b': 'b\n', 's/run': 'x run\n' }
      const { 't/c': _new, ...rest } = work
      for (const [files, expected] of [
        [['t/a'], { ...work, 't/a': as['t/a'] }],
        [['t/a', 't/b', 't/c'], { ...rest, 't/a': as['t/a'], 't/b': as['t/b'] }],
        [['t/a', 's/run', 't/b', 't/c'], { ...rest, ...as }],
        [['t/b'], { ...work, 't/b': as['t/b'] }],
        [[], work],
      ] as const) {
        expect(await enter(rig, baseline, undefined, await of(...files))).not.toBeNull()
        expect(contentOf(treeOf(rig))).toEqual(expected)
      }
      expect(sh(rig, 'git status --porcelain', treeOf(rig))).toBe(sh(rig, 'git status --porcelain'))
    },
  )
})

test('what is put back is told by its content, and takes the place of a directory with all that is in it', async () => {
  const start = 'git init -q; mkdir t; echo a > t/a; echo b > b; git add -A; git commit -qm start'
  await withRoom(start, 'echo a2 > t/a; rm b; mkdir b; echo in > b/c.js', async (rig, _room, baseline) => {
    const work = contentOf(rig.root)
    const text = (content: string) => ({ kind: 'f', bytes: Buffer.from(content) }) as const
    const { 'b/c.js': _below, ...rest } = work
    for (const [files, expected] of [
      [new Map([['t/a', text('one\n')]]), { ...work, 't/a': 'one\n' }],
      [new Map([['t/a', text('other\n')]]), { ...work, 't/a': 'other\n' }],
      [new Map([['b', text('b\n')]]), { ...rest, b: 'b\n' }],
      [new Map(), work],
    ] as const) {
      expect(await enter(rig, baseline, undefined, files)).not.toBeNull()
      expect(contentOf(treeOf(rig))).toEqual(expected)
    }
  })
})
