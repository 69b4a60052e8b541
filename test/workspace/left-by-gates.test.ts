import fs from 'node:fs'
import { expect, test } from '@jest/globals'
import { type LeftByGates, leftBetween, stillAsLeft } from '../../src/workspace/left-by-gates.ts'
import type { Baseline } from '../../src/evidence/types.ts'
import { type Rig, withRig } from '../evidence/rig.ts'
import { long } from '../rig/long.ts'

/** What is left after a gate did this. */
async function gate(rig: Rig, start: Baseline, was: readonly LeftByGates[], act: () => void) {
  const before = await rig.compare(start)
  const byGates = stillAsLeft(rig.root, was, before)
  act()
  const left = leftBetween(rig.root, before, byGates, await rig.compare(start))
  return left === null ? was : [...was, left]
}

async function still(rig: Rig, start: Baseline, left: readonly LeftByGates[]): Promise<string[]> {
  return [...stillAsLeft(rig.root, left, await rig.compare(start))].sort()
}

async function withStart(use: (rig: Rig, start: Baseline) => Promise<void>): Promise<void> {
  await withRig(async (rig) => {
    rig.write('src/a').write('src/b').write('src/c').commitAll()
    await use(rig, await rig.baseline())
  })
}

test('what a gate adds, changes and removes is its own, until somebody touches it', async () => {
  await withStart(async (rig, start) => {
    rig.write('src/a', 'work\n')
    const left = await gate(rig, start, [], () => {
      rig.write('src/a', 'work, formatted\n').write('src/b', 'formatted\n').rm('src/c').write('out/x')
    })
    expect(await still(rig, start, left)).toEqual(['out/x', 'src/b', 'src/c'])
    // The same content, written by somebody else.
    rig.write('src/b', 'formatted\n').write('src/c', 'again\n')
    fs.chmodSync(rig.path('out/x'), 0o600)
    expect(await still(rig, start, left)).toEqual([])
  })
})

test('a gate that writes the same again has the last word again', async () => {
  await withStart(async (rig, start) => {
    const write = (): void => void rig.write('out/x', 'same\n')
    const once = await gate(rig, start, [], write)
    const twice = await gate(rig, start, once, write)
    expect(await still(rig, start, once)).toEqual([])
    expect(await still(rig, start, twice)).toEqual(['out/x'])
  })
})

test('what was somebody’s work before stays so, whatever a gate makes of it', async () => {
  await withStart(async (rig, start) => {
    rig.write('src/a', 'work\n')
    expect(await gate(rig, start, [], () => rig.write('src/a', 'formatted\n'))).toEqual([])
  })
})

if (long)
  test('many files are told by their directory, but for those beside work', async () => {
    await withStart(async (rig, start) => {
      rig.write('src/mine', 'work\n')
      const left = await gate(rig, start, [], () => {
        for (let n = 0; n < 300; n++) rig.write(`report/html/${n}`)
        rig.write('src/cache')
      })
      expect(left[0]?.paths).toEqual(['report/', 'src/cache'])
      rig.write('report/html/7', 'edited\n').write('src/new')
      const found = await still(rig, start, left)
      expect(found).toHaveLength(300)
      expect(found).not.toContain('report/html/7')
      expect(found).not.toContain('src/mine')
      expect(found).not.toContain('src/new')
    })
  })
