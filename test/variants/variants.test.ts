import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { figure, long, seedFor } from '../rig/long.ts'
import { attack } from './attacks.ts'
import { Chance } from './chance.ts'
import { attacksOnce } from './found.ts'
import { honest } from './honest.ts'
import { installedSettingsNames } from './installed-names.ts'
import { type JudgedChange, judgeAll, judgeUntil } from './judge-all.ts'

const names = installedSettingsNames()
const atOnce = long ? 8 : 4
const hours = 4 * 3600_000
let dir = ''
let namesFile = ''
beforeAll(() => {
  // Below the home, since gates see no temp directory but their own.
  dir = fs.mkdtempSync(path.join(fs.realpathSync(os.homedir()), '.autoloop-variants-'))
  namesFile = path.join(dir, 'names.json')
  fs.writeFileSync(namesFile, JSON.stringify(names))
})
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }))

test(
  'nothing that makes a gate pass without the work is released',
  async () => {
    const seed = seedFor(13_030)
    const chance = new Chance(seed)
    const many = long ? 500 : 8
    const judged = [
      ...(await judgeAll(attacksOnce, namesFile, atOnce)),
      ...(await judgeUntil(many, () => attack(chance, names), namesFile, atOnce)),
    ]
    tell('variants of attacks', seed, judged)
    expect({ seed, released: judged.filter(({ held }) => held.kind === 'released') }).toEqual({
      seed,
      released: [],
    })
    // What could not be tried says nothing about what holds.
    expect(judged.filter(({ held }) => held.kind === 'blocked' && !held.why.includes('command'))).toEqual([])
  },
  hours,
)

test(
  'honest work is released, whatever it brings along',
  async () => {
    const seed = seedFor(13_020)
    const chance = new Chance(seed)
    const judged = await judgeUntil(long ? 200 : 6, () => honest(chance), namesFile, atOnce)
    tell('honest changes', seed, judged)
    const kept = judged.filter(({ held }) => held.kind !== 'released')
    expect({ seed, kept }).toEqual({ seed, kept: [] })
  },
  hours,
)

/** How many of each kind ended how. */
function tell(name: string, seed: number, judged: readonly JudgedChange[]): void {
  const kinds: Record<string, number> = {}
  for (const { held, change } of judged) {
    const key = name === 'honest changes' ? held.kind : `${change.kind}: ${held.kind}`
    kinds[key] = (kinds[key] ?? 0) + 1
  }
  figure(name, { seed, kinds })
}
