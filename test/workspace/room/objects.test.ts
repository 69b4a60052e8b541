import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { withRig } from '../../evidence/rig.ts'
import { enterRoom } from '../../../src/workspace/room/room.ts'
import { enter, lookOf, sh, treeOf, withRoom } from './rig.ts'

const start = 'git init -q -b main; echo bye > a; git add -A; git commit -qm start'
const asked = 'git diff --name-only HEAD; git show HEAD:a'
/** Puts the content of one object under the name of another; both are loose files. */
const forge = (name: string, content: string): string =>
  `name=$(git rev-parse ${name}); content=$(git rev-parse ${content}); path() { echo .git/objects/$(echo $1 | cut -c1-2)/$(echo $1 | cut -c3-); }
   chmod u+w $(path $name); cp $(path $content) $(path $name)`
const commitOther =
  'echo hello > a; git add -A; git commit -qm other; git tag other; git reset -q --soft HEAD~1'

test.each([
  ['a blob', forge('HEAD:a', 'other:a')],
  ['a tree', forge('HEAD^{tree}', 'other^{tree}')],
  ['a commit', forge('HEAD', 'other')],
])('%s that was rewritten under its own name makes no room', async (_what, forged) => {
  await withRig(async (rig) => {
    sh(rig, start)
    const baseline = await rig.baseline()
    sh(rig, `${commitOther}; git reset -q; echo hello > a`)
    const look = await lookOf(rig, baseline)
    sh(rig, forged)
    const place = path.join(rig.dir, 'room')
    const made = await enterRoom({ place, root: rig.root, baselines: [baseline], look }, rig.options)
    // Git itself reads the names of the start, and says so of some.
    expect(made.ok ? 'ready' : made.error.code).toMatch(/^(?:room-objects|git-failed)$/)
  })
})

test('what another branch holds is checked as well: gates compare with it', async () => {
  await withRig(async (rig) => {
    sh(
      rig,
      `${start}; git update-ref refs/remotes/origin/main HEAD; echo b > b; git add -A; git commit -qm second`,
    )
    const baseline = await rig.baseline()
    sh(rig, `${commitOther}; git reset -q; echo hello > a`)
    const look = await lookOf(rig, baseline)
    sh(rig, forge('origin/main^{tree}', 'other^{tree}'))
    const place = path.join(rig.dir, 'room')
    const made = await enterRoom({ place, root: rig.root, baselines: [baseline], look }, rig.options)
    expect(made).toMatchObject({ ok: false, error: { code: 'room-objects' } })
  })
})

test('a branch whose commit is missing is nobody that gates compare with', async () => {
  await withRoom(`${start}; echo ${'1'.repeat(40)} > .git/refs/heads/lost`, 'echo hello > a', (rig) =>
    expect(sh(rig, asked, treeOf(rig))).toBe('a\nbye\n'),
  )
})

test('files of the store that change after a room was made say nothing in it, whatever their age', async () => {
  await withRoom(`${start}; git repack -qad`, 'echo hello > a', (rig) => {
    expect(sh(rig, asked, treeOf(rig))).toBe('a\nbye\n')
    const forgedPack = [
      'mkdir ../forge; cd ../forge; git init -q -b main; echo hello > a; git add -A; git commit -qm other; git repack -qad',
      'cd ../work; pack=$(ls .git/objects/pack/*.pack); chmod u+w .git/objects/pack/*',
      'for kind in pack idx; do cat ../forge/.git/objects/pack/*.$kind > ${pack%pack}$kind; touch -d 2099-01-01 ${pack%pack}$kind; done',
    ].join('\n')
    sh(rig, forgedPack)
    expect(sh(rig, asked, treeOf(rig))).toBe('a\nbye\n')
  })
})

test("a person's clean-up takes nothing from a room, and history is there", async () => {
  await withRoom(`${start}; echo b > b; git add -A; git commit -qm second`, 'echo hello > a', (rig) => {
    sh(
      rig,
      'git checkout -q --orphan new; git commit -qam new; git branch -qD main; git reflog expire --expire=now --all; git gc -q --prune=now',
    )
    expect(sh(rig, 'git log --format=%s; git fsck --full --strict', treeOf(rig))).toBe('second\nstart\n')
  })
})

test('two stores that borrow from each other are left as they are', async () => {
  await withRig(async (rig) => {
    sh(rig, `${start}; cp -a .git/objects ../lender; echo "$PWD/../lender" > .git/objects/info/alternates`)
    const baseline = await rig.baseline()
    const object = fs
      .readdirSync(rig.path('.git/objects'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /^..\/.{38}$/.test(name))[0]!
    const before = fs.statSync(rig.path(`.git/objects/${object}`))
    await enter(rig, baseline)
    const after = fs.statSync(rig.path(`.git/objects/${object}`))
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs])
  })
})

test.each([
  ['deleted', 'rm -r .git'],
  ['another repository', 'git init -q ../o; rm -r .git; echo "gitdir: $PWD/../o/.git" > .git'],
  ['a link to another', 'git init -q ../o; rm -r .git; ln -s ../o/.git .git'],
])('a repository that is %s makes no room', async (_what, act) => {
  await withRig(async (rig) => {
    sh(rig, start)
    const baseline = await rig.baseline()
    const look = await lookOf(rig, baseline)
    sh(rig, act)
    const place = path.join(rig.dir, 'room')
    const made = await enterRoom({ place, root: rig.root, baselines: [baseline], look }, rig.options)
    expect(made.ok).toBe(false)
  })
})
