import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type Rig, withRig } from '../../evidence/rig.ts'
import { long, sampleOf } from '../../rig/long.ts'
import { contentOf, enter, lookOf, sh, treeOf } from './rig.ts'

/** `good` is what a gate would like better, in a directory that git ignores; all of it is older than any look. */
const start = [
  'git init -q; echo cache > .gitignore; mkdir -p src/deep test cache/good/deep cache/empty',
  'for one in src/a src/deep/b test/t; do echo bye > $one; done',
  'for one in a deep/b; do echo hello > cache/good/$one; done',
  'git add -A; git commit -qm start; echo notes > NOTES.md; echo bye > src/new; echo hello > cache/good/new',
].join('\n')

/** A look between what was written before and what is written now. */
async function withLook(then: (rig: Rig, again: (act: string) => Promise<unknown>) => Promise<void>) {
  await withRig(async (rig) => {
    sh(rig, start)
    const written = Date.now()
    const baseline = await rig.baseline()
    // As if the clock had moved on by more than it lags behind.
    const look = await lookOf(rig, baseline, { at: written + 21 })
    await then(rig, (act) => {
      sh(rig, act)
      return enter(rig, baseline, look)
    })
  })
}

describe('what is not what the look saw is no room', () => {
  test.each(
    sampleOf(
      [
        ['a directory in the place of another', 'mv src cache/away; mv cache/good src'],
        ['one further down', 'mv src/deep cache/away; mv cache/good/deep src/deep'],
        ['exchanged, and written to in it', 'mv src cache/away; mv cache/good src; touch src/x; rm src/x'],
        ['nothing in the place of a directory', 'mv test cache/away'],
        ['nothing in the place of a file', 'mv test/t cache/t'],
        ['an empty directory', 'mv test cache/away; mv cache/empty test'],
        ['a link to another directory', 'mv src cache/away; ln -s cache/good src'],
        ['a link in the place of a file', 'mv test/t cache/t; ln -s ../cache/t test/t'],
        ['a FIFO in the place of a file', 'mv test/t cache/t; mkfifo test/t'],
        ['a file that is written anew', 'echo hello > src/a'],
        [
          'a file with its old times',
          'touch -r src/a cache/time; echo hello > src/a; touch -r cache/time src/a',
        ],
        ['another file', 'mv cache/good/a src/a'],
        ['another name of another file', 'ln -f cache/good/a src/a'],
        ['a new file that is another one', 'mv cache/good/new src/new'],
        ['a new file that is gone', 'rm src/new'],
      ],
      3,
    ),
  )('%s', async (_what, act) => {
    await withLook(async (_rig, again) => expect(await again(act)).toBeNull())
  })

  test.each([
    ['what git ignores is written all the time', 'echo x > cache/log; touch -d 2020-01-01 cache/old'],
    ['files come and go beside the work', 'touch x src/x; mkdir y; rm x src/x; rmdir y'],
    ['a directory is moved and put back', 'mv src cache/away; mv cache/away src'],
  ])('but a room there is while %s', async (_what, act) => {
    await withLook(async (rig, again) => {
      expect(await again(act)).not.toBeNull()
      expect(contentOf(treeOf(rig))).toMatchObject({
        'src/a': 'bye\n',
        'src/deep/b': 'bye\n',
        'test/t': 'bye\n',
      })
    })
  })
})

let ending: (() => void) | undefined
afterEach(() => ending?.())

/** However the two fall together: a room that is said to be ready holds what was committed. */
test('directories and links that change places all the time never get into a room', async () => {
  await withRig(async (rig) => {
    sh(rig, start)
    const baseline = await rig.baseline()
    const flip = [
      'while :; do mv src cache/away; mv cache/good src; mv src cache/good; ln -s cache/good src; rm src; mv cache/away src',
      'mv test cache/t; mv cache/t test; done',
    ].join('\n')
    const flipper = spawn('/bin/sh', ['-c', flip], { cwd: rig.root, stdio: 'ignore' })
    const ended = new Promise((resolve) => flipper.once('exit', resolve))
    ending = () => flipper.kill('SIGKILL')
    let ready = 0
    const tries = long ? 400 : 8
    for (let nth = 0; nth < tries; nth += 1) {
      const look = await lookOf(rig, baseline, { at: Date.now() })
      fs.rmSync(`${rig.dir}/room`, { recursive: true, force: true })
      if ((await enter(rig, baseline, look)) === null) continue
      ready += 1
      const held = contentOf(treeOf(rig))
      for (const [file, was] of [
        ['src/a', 'bye\n'],
        ['src/deep/b', 'bye\n'],
        ['test/t', 'bye\n'],
      ] as const)
        if (!look.comparison.state.has(file)) expect([file, held[file]]).toEqual([file, was])
    }
    flipper.kill('SIGKILL')
    await ended
    sh(
      rig,
      'cd cache; for one in away good t; do test ! -e $one || rm -r $one; done; cd ..; git checkout -q .',
    )
    expect(ready).toBeLessThanOrEqual(tries)
    expect(await enter(rig, baseline)).not.toBeNull()
  })
})
