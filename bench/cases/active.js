import { interleave, peakOf } from '../parts/measure.js'
import { amount, ratio } from '../parts/rows.js'
import { bareNode, blockedStop, gitStatus } from '../parts/ways.js'
import { arm, makeRepo } from '../parts/world.js'

export const name = 'active'
export const about = 'stop of an active run, one pathExists, 20 files'

export function run({ world, rounds }) {
  const repo = makeRepo(world, 'active')
  const session = arm(world, repo, { kind: 'pathExists', path: 'never' })
  const stop = blockedStop(world, repo, session)
  const samples = interleave({ node: bareNode, git: gitStatus(repo), stop }, rounds(25), 3)
  return [
    ratio('stop, one pathExists', samples, 'stop', ['node'], 1.5),
    amount('its memory', peakOf(world.bundle, ['stop'], { ...stop, env: world.hookEnv }), 'MB', 150),
  ]
}
