import fs from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { programDirectory } from '../../rig/debian.ts'
import { type ScriptedGithub, startGithub } from '../../rig/github.ts'
import { long } from '../../rig/long.ts'
import { killedProgram, stepsOf } from '../kill/killed.ts'
import { startCli } from '../rig.ts'
import { type Landable, atGithub, dataOf, landable } from './site.ts'

/* A landing that is killed at any step is finished by typing it again. */

const program = killedProgram()
const gh = programDirectory('gh')
let one: Landable
let github: ScriptedGithub
let branch: string
let env: Readonly<Record<string, string>>

beforeAll(async () => {
  if (gh === null) process.stderr.write('gh is neither here nor to be had: no pull request was opened\n')
  one = await landable()
  branch = String(dataOf(await one.cli(['status', '--batch']))['branch'])
  github = await startGithub(one.at('gh.sock'), (name) => one.tip(name))
  env = { ...one.env, PATH: `${gh ?? ''}:${one.env['PATH']}`, GH_TOKEN: 'good' }
}, 300_000)
afterAll(async () => {
  await github.close()
  one.remove()
})
beforeEach(() => begun())

function begun(): void {
  one.reset()
  atGithub(one, github)
  github.pulls.length = 0
}

/** `land` that ends itself at this step; 0: at none. Gives the steps that it took. */
async function killed(at: number, way: string): Promise<readonly string[]> {
  fs.rmSync(one.at('steps'), { force: true })
  const more = { ...env, KILLED_AT: String(at), KILLED_LOG: one.at('steps') }
  const { code, stdout } = await startCli(one.repo, ['land', way], more, program()).done
  expect({ at, code, stdout }).toEqual({ at, code: at === 0 ? 0 : null, stdout: at === 0 ? stdout : '' })
  return stepsOf(one)
}

/** Each has a step before it and one after it. The short form ends it after what others see: done, and not on record. */
const nths = (steps: readonly string[]): readonly number[] =>
  steps
    .map((_, nth) => nth + 1)
    .filter((nth) => long || (nth % 2 === 0 && /^(?:push|pull-request)$/.test(steps[nth - 1] ?? '')))

// What comes of a push at each step is in the other too.
if (long)
  test('--push', async () => {
    const steps = await killed(0, '--push')
    expect(steps).toContain('push')
    for (const at of nths(steps)) {
      begun()
      await killed(at, '--push')
      expect(await one.cli(['land', '--push'])).toMatchObject({ code: 0 })
      expect(one.tip()).toBe(one.head())
      expect(one.ledger().match(/"type":"landed"/g)).toHaveLength(1)
    }
  }, 600_000)

const withGh = gh === null ? test.skip : test

withGh(
  '--pr',
  async () => {
    const steps = await killed(0, '--pr')
    expect(steps).toContain('pull-request')
    for (const at of nths(steps)) {
      begun()
      await killed(at, '--pr')
      // The target moves before anybody comes back to it, in one case: the branch is ours all the same.
      const moved = at === steps.lastIndexOf('push') + 1
      if (moved) one.theirs({ 'src/theirs.txt': 'theirs\n' })
      const again = await one.cli(['land', '--pr'], env)
      expect({ at, code: again.code, joined: dataOf(again)['joined'] }).toEqual({
        at,
        code: 0,
        joined: moved,
      })
      expect(github.pulls).toHaveLength(1)
      expect(one.tip(branch)).toBe(dataOf(again)['commit'])
    }
  },
  600_000,
)
