import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { bringIn } from '../../../src/workspace/trees/bring-in.ts'
import { publish } from '../../../src/workspace/trees/publish.ts'
import type { OwnRepository } from '../../../src/workspace/trees/types.ts'
import { commitIn } from './head-of.ts'
import { type Rig, bytesOf, makeRig, must } from './rig.ts'

const BRANCH = 'autonomous-loop/b1'

let rig: Rig
let own: OwnRepository
let base: string
let head: string

beforeEach(async () => {
  rig = makeRig({ 'a.txt': 'one\n' })
  base = rig.git('rev-parse', 'HEAD')
  own = await rig.open()
  must(await bringIn(own, base))
  head = await commitIn(own, base, { 'a.txt': 'two\n', 'new.txt': 'new\n' })
})
afterEach(() => rig.remove())

const published = (branch: string, instead: unknown = null) => ({ kind: 'published', branch, instead })
const at = (branch: string): string => rig.git('rev-parse', `refs/heads/${branch}`)

describe('publishing a head', () => {
  it('writes the branch and its objects, and nothing else', async () => {
    const before = bytesOf(rig.at('person'))
    expect(must(await publish(own, BRANCH, head, null))).toEqual(published(BRANCH))
    expect(at(BRANCH)).toBe(head)
    expect(rig.git('show', `${BRANCH}:new.txt`)).toBe('new')
    expect(rig.git('fsck', '--full')).toBe('')
    const after = bytesOf(rig.at('person'))
    const others = Object.keys(after).filter(
      (one) => before[one] !== after[one] && !one.startsWith('.git/objects/') && !one.endsWith(BRANCH),
    )
    expect(others).toEqual([])
    expect(must(await publish(own, BRANCH, head, null))).toEqual(published(BRANCH))
  })

  it('moves the branch on where it stands as it was published', async () => {
    must(await publish(own, BRANCH, head, null))
    const next = await commitIn(own, head, { 'a.txt': 'three\n' })
    expect(must(await publish(own, BRANCH, next, head))).toEqual(published(BRANCH))
    expect(at(BRANCH)).toBe(next)
  })

  it('takes another name where a person moved it, made it or has it checked out', async () => {
    rig.git('branch', BRANCH, base)
    expect(must(await publish(own, BRANCH, head, null))).toEqual(
      published(`${BRANCH}-2`, expect.stringMatching(/was not published/)),
    )
    expect(at(BRANCH)).toBe(base)
    rig.git('worktree', 'add', '-q', rig.at('second'), `${BRANCH}-2`)
    const next = await commitIn(own, head, { 'a.txt': 'three\n' })
    expect(must(await publish(own, `${BRANCH}-2`, next, head))).toEqual(
      published(`${BRANCH}-2-2`, expect.stringMatching(/checked out in .*second/)),
    )
    expect(at(`${BRANCH}-2`)).toBe(head)
  })

  it('never takes away what only the branch holds', async () => {
    must(await publish(own, BRANCH, head, null))
    const other = await commitIn(own, base, { 'a.txt': 'other\n' })
    expect(must(await publish(own, BRANCH, other, head))).toEqual(
      published(`${BRANCH}-2`, expect.stringMatching(/does not/)),
    )
    expect(at(BRANCH)).toBe(head)
  })

  it('leaves it where no name can be had, and says why', async () => {
    rig.git('branch', 'autonomous-loop', base)
    expect(must(await publish(own, BRANCH, head, null))).toEqual({
      kind: 'left',
      why: expect.stringMatching(/autonomous-loop/),
    })
  })
})
