import fs from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from '@jest/globals'
import { withRig } from '../../evidence/rig.ts'
import { holds } from '../../rig/long.ts'
import { startMover } from '../../../src/workspace/room/start-mover.ts'
import { enterRoom } from '../../../src/workspace/room/room.ts'
import { contentOf, enter, lookOf, sh, treeOf } from './rig.ts'

/** Names that stand in each other's way. */
const names = ['a', 'a/a', 'a/b', 'a/a/c', 'b', 'b/c', 'src/x', 'src', 'src/x/y', 'n\nl', String.raw`x\x41`]
const node = fc.oneof(
  fc.constantFrom('one', 'two').map((text) => ({ kind: 'file' as const, text })),
  fc.constant({ kind: 'program' as const, text: 'one' }),
  fc.constantFrom('a', 'src/x', '.').map((text) => ({ kind: 'link' as const, text })),
)
const tree = fc.dictionary(fc.constantFrom(...names), node, { maxKeys: 5 })

/** What cannot be beside what is there is left out. */
function make(root: string, files: Readonly<Record<string, { kind: string; text: string }>>): void {
  for (const name of fs.readdirSync(root))
    if (name !== '.git') fs.rmSync(path.join(root, name), { recursive: true })
  const made: string[] = []
  for (const [name, { kind, text }] of Object.entries(files)) {
    if (made.some((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`))) continue
    made.push(name)
    const place = path.join(root, name)
    fs.mkdirSync(path.dirname(place), { recursive: true })
    // Beside it all in one directory: no link leads out.
    if (kind === 'link')
      fs.symlinkSync(path.relative(path.dirname(place), path.join(root, text)) || '.', place)
    else fs.writeFileSync(place, `${text}\n`, { mode: kind === 'program' ? 0o755 : 0o644 })
  }
}

test('a room that is renewed holds what one made anew would hold, whatever became of what', async () => {
  await holds(
    { short: 2, long: 300 },
    fc.asyncProperty(tree, fc.array(tree, { minLength: 2, maxLength: 4 }), async (start, works) => {
      await withRig(async (rig) => {
        sh(rig, 'git init -q')
        make(rig.root, start)
        sh(rig, 'git add -A; git commit -q --allow-empty -m start')
        const baseline = await rig.baseline()
        for (const work of works) {
          make(rig.root, work)
          expect(await enter(rig, baseline)).not.toBeNull()
          expect(contentOf(treeOf(rig))).toEqual(contentOf(rig.root))
          const said = sh(rig, 'git status --porcelain', treeOf(rig))
          expect(said).toBe(sh(rig, 'git reset -q; git status --porcelain'))
        }
      })
    }),
  )
})

const turn = fc.record({ work: tree, commits: fc.boolean() })

test('so does one that is renewed for a start that moved', async () => {
  await holds(
    { short: 2, long: 300 },
    fc.asyncProperty(tree, fc.array(turn, { minLength: 2, maxLength: 4 }), async (start, turns) => {
      await withRig(async (rig) => {
        sh(rig, 'git init -q -b main')
        make(rig.root, start)
        sh(rig, 'git add -A; git commit -q --allow-empty -m start')
        let baseline = await rig.baseline()
        expect(await enter(rig, baseline)).not.toBeNull()
        for (const { work, commits } of turns) {
          make(rig.root, work)
          if (commits) {
            sh(rig, 'git add -A; git commit -q --allow-empty -m work')
            baseline = await rig.baseline()
          }
          expect(await enter(rig, baseline)).not.toBeNull()
          expect(contentOf(treeOf(rig))).toEqual(contentOf(rig.root))
          // The index has to be right without a look at any file, and the repository without anybody else's.
          const asked =
            'git ls-files -s; git rev-parse HEAD main; git status --porcelain; git fsck --full 2>&1'
          sh(rig, 'git reset -q')
          expect(sh(rig, asked, treeOf(rig))).toBe(sh(rig, asked))
          fs.rmSync(path.join(treeOf(rig), '.git/history'), { recursive: true })
          sh(
            rig,
            'mkdir -p .git/history/pack; git cat-file -t HEAD; git ls-tree -r HEAD; git archive HEAD | cat > /dev/null',
            treeOf(rig),
          )
        }
      })
    }),
  )
})

test('files of a start that moved stay where they are, and what came with it is as old as the rest', async () => {
  await withRig(async (rig) => {
    sh(rig, 'git init -q -b main; mkdir d; echo a > d/a; echo b > d/b; git add -A; git commit -q -m start')
    expect(await enter(rig, await rig.baseline())).not.toBeNull()
    const stat = (file: string): fs.Stats => fs.statSync(path.join(treeOf(rig), file))
    const [a, b] = [stat('d/a'), stat('d/b')]
    sh(rig, 'echo more > d/b; echo c > d/c; git add -A; git commit -q -m work')
    expect(await enter(rig, await rig.baseline())).not.toBeNull()
    expect(stat('d/a').ctimeMs).toBe(a.ctimeMs)
    expect([stat('d/b').mtimeMs, stat('d/c').mtimeMs]).toEqual([b.mtimeMs, b.mtimeMs])
    const { ctimeMs } = stat('d/a')
    // Rules by which git writes files: all may be others.
    sh(rig, 'echo "* text" > .gitattributes; git add -A; git commit -q -m rules')
    expect(await enter(rig, await rig.baseline())).not.toBeNull()
    expect(stat('d/a').ctimeMs).toBeGreaterThan(ctimeMs)
    expect(sh(rig, 'git status --porcelain; git log --format=%s', treeOf(rig))).toBe('rules\nwork\nstart\n')
  })
})

test('what a later commit holds is believed by its name only', async () => {
  await withRig(async (rig) => {
    sh(rig, 'git init -q -b main; echo bye > a; git add -A; git commit -q -m start')
    expect(await enter(rig, await rig.baseline())).not.toBeNull()
    sh(rig, 'echo one > a; git commit -qam one; git tag one; echo two > a; git commit -qam two')
    const baseline = await rig.baseline()
    const look = await lookOf(rig, baseline)
    sh(
      rig,
      'path() { echo .git/objects/$(echo $1 | cut -c1-2)/$(echo $1 | cut -c3-); }; f=$(path $(git rev-parse HEAD:a)); chmod u+w $f; cp $(path $(git rev-parse one:a)) $f',
    )
    const place = path.join(rig.dir, 'room')
    const made = await enterRoom(
      { place, root: rig.root, baselines: [baseline], look, mover: startMover },
      rig.options,
    )
    expect(made).toMatchObject({ ok: false, error: { code: 'room-objects' } })
  })
})

test('what moved since it was looked at is copied again, and the rest stays', async () => {
  await withRig(async (rig) => {
    sh(rig, 'git init -q -b main; echo a > a; echo b > b; git add -A; git commit -q -m start')
    const baseline = await rig.baseline()
    const look = await lookOf(rig, baseline)
    sh(rig, 'rm b')
    expect(await enter(rig, baseline, look)).toBeNull()
    const { ctimeMs } = fs.statSync(path.join(treeOf(rig), 'a'))
    sh(rig, 'echo other > b')
    expect(await enter(rig, baseline)).not.toBeNull()
    expect(contentOf(treeOf(rig))).toEqual({ a: 'a\n', b: 'other\n' })
    expect(sh(rig, 'git status --porcelain', treeOf(rig))).toBe(' M b\n')
    expect(fs.statSync(path.join(treeOf(rig), 'a')).ctimeMs).toBe(ctimeMs)
  })
})
