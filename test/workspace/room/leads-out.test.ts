import { expect, test } from '@jest/globals'
import { contentOf, enter, sh, treeOf, withRoom } from './rig.ts'
import { withRig } from '../../evidence/rig.ts'
import { sampleOf } from '../../rig/long.ts'

const start =
  'git init -q; mkdir -p src data lib; echo a > src/a; echo d > data/d; ln -s /usr/share usr; ln -s ../other lib/other; git add -A; git commit -qm start'

/** A link of the agent's, and whether what is read through it is the work's. */
test.each(
  sampleOf(
    [
      ['beside it', 'ln -s a src/l', true],
      ['a directory', 'ln -s ../data src/l', true],
      ['out by one name and in by the next', 'ln -s ../src/../../work/src/a src/l', false],
      ['nothing, within the tree', 'ln -s ../build/out src/l', true],
      ['its own place by its whole name', 'ln -s "$PWD/src/a" src/l', true],
      ['out of its own place, by its whole name', 'ln -s "$PWD/../other/x" src/l', false],
      ['a file of the machine', 'ln -s /etc/passwd src/l', false],
      ['beside the tree', 'ln -s ../../other/x src/l', false],
      ['a link that leads out, of the agent', 'ln -s ../.. src/up; ln -s up/other src/l', false],
      ['a link that leads out, of the start', 'ln -s ../usr/doc src/l', false],
      [
        'out through a link of the start, to somewhere in by the letter',
        'ln -s ../usr/../data/d src/l',
        false,
      ],
      ['round in a circle', 'ln -s m src/l; ln -s l src/m', true],
      ['itself', 'ln -s . src/l', true],
      ['a process', 'ln -s /proc/self/cwd/src/a src/l', false],
      ['a name that is no text', String.raw`ln -s "$(printf '../\377/x')" src/l`, true],
      ['the tree that begins with the same letters', 'ln -s "${PWD}er/x" src/l', false],
    ] as const,
    2,
    1,
  ),
)('a link to %s', async (_what, link, isInside) => {
  await withRoom(start, link, (rig, room) => {
    expect('src/l' in contentOf(treeOf(rig))).toBe(isInside)
    expect(room.leftOut.includes('src/l')).toBe(!isInside)
    expect(contentOf(treeOf(rig))).toMatchObject({ usr: '-> /usr/share', 'lib/other': '-> ../other' })
  })
})

test('a directory that became a link out of the tree leaves nothing in the room', async () => {
  await withRoom(
    start,
    'rm -r data; mkdir ../other; echo x > ../other/d; ln -s ../other data',
    (rig, room) => {
      expect(Object.keys(contentOf(treeOf(rig))).sort()).toEqual(['lib/other', 'src/a', 'usr'])
      expect(room.leftOut).toEqual(['data'])
      expect(room.files.files.has('data')).toBe(false)
    },
  )
})

test('what took the place of such a link is in the next room, and so is the start', async () => {
  await withRig(async (rig) => {
    sh(rig, start)
    const baseline = await rig.baseline()
    const links = { 'src/l': '-> ../up/x', 'src/m': '-> l', 'up/x': 'x\n' }
    const rooms: unknown[] = []
    for (const work of [
      'rm src/a; ln -s /etc/passwd src/a; ln -s l src/m; ln -s ../up/x src/l; ln -s .. up',
      'rm src/a; echo b > src/a; rm up; mkdir up; echo x > up/x',
      'rm src/a; ln -s /etc/group src/a',
      'git checkout -q src/a',
    ]) {
      sh(rig, work)
      const room = await enter(rig, baseline)
      const left = room!.leftOut
      const { usr: _usr, 'lib/other': _other, 'data/d': _d, ...seen } = contentOf(treeOf(rig))
      rooms.push([left, seen])
    }
    expect(rooms).toEqual([
      [['src/a', 'src/l', 'src/m', 'up'], {}],
      [[], { 'src/a': 'b\n', ...links }],
      [['src/a'], links],
      [[], { 'src/a': 'a\n', ...links }],
    ])
  })
})
