import fs from 'node:fs'
import path from 'node:path'
import { grow } from '../parts/source.js'
import { interleave, peakOf } from '../parts/measure.js'
import { amount, extra } from '../parts/rows.js'
import { blockedStop } from '../parts/ways.js'
import { arm, makeRepo } from '../parts/world.js'

export const name = 'ledger'
export const about = 'a ledger with 10,000 events, beside one with 10'

export async function run({ world, rounds, scale }) {
  const repo = makeRepo(world, 'ledger')
  const sessions = {}
  for (const [size, events] of [
    ['small', 10],
    ['large', scale(10_000)],
  ]) {
    sessions[size] = arm(world, repo, { kind: 'pathExists', path: 'never' })
    await grow(world.home, sessions[size], events)
  }
  const checkpoint = path.join(world.home, 'sessions', sessions.large, 'checkpoint')
  const stop = (size) => blockedStop(world, repo, sessions[size])
  const drop = () => fs.rmSync(checkpoint, { force: true })
  const cold = interleave({ small: stop('small'), large: { ...stop('large'), before: drop } }, rounds(9))
  const warm = interleave({ small: stop('small'), large: stop('large') }, rounds(15), 2)
  const peak = (size) => peakOf(world.bundle, ['stop'], { ...stop(size), env: world.hookEnv })
  drop()
  return [
    extra('stop', warm, 'large', 'small', 25),
    // Only after the checkpoint was lost, and once at the release, which believes no checkpoint.
    extra('stop without a checkpoint', cold, 'large', 'small', null),
    amount('stop without a checkpoint: memory', peak('large'), 'MB', 150),
  ]
}
