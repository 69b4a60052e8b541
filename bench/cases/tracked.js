import fs from 'node:fs'
import path from 'node:path'
import { interleave, peakOf } from '../parts/measure.js'
import { amount, ratio } from '../parts/rows.js'
import { activation, bareNode, blockedStop, gitStatus } from '../parts/ways.js'
import { arm, fileName, fillWithFiles, makeRepo } from '../parts/world.js'

export const name = 'tracked'
export const about = 'pathChanged **/* with 100,000 tracked files'

/** Unmet beside what is measured, so that the stop blocks whatever changed. */
const never = { kind: 'pathExists', path: 'never' }

export function run({ world, rounds, scale }) {
  const files = scale(100_000)
  const repo = makeRepo(world, 'tracked', { files })
  const count = rounds(7)
  const rows = []

  const arming = activation(world, repo)
  const armings = interleave({ node: bareNode, 'git status': gitStatus(repo), ours: arming }, count)
  rows.push(ratio('activation', armings, 'ours', ['git status', 'node'], 2))
  arming.before()
  rows.push(
    amount(
      'activation: memory',
      peakOf(world.bundle, ['user-prompt-submit'], { ...arming, env: world.hookEnv }),
      'MB',
      150,
    ),
  )

  const session = arm(world, repo, [{ kind: 'pathChanged', glob: '**/*' }, never])
  const stop = blockedStop(world, repo, session)
  const look = (what) => {
    const samples = interleave({ node: bareNode, 'git status': gitStatus(repo), ours: stop }, count)
    rows.push(ratio(`stop, ${what}`, samples, 'ours', ['git status', 'node'], 1.5))
    rows.push(
      amount(
        `stop, ${what}: memory`,
        peakOf(world.bundle, ['stop'], { ...stop, env: world.hookEnv }),
        'MB',
        150,
      ),
    )
  }
  look('nothing changed')
  for (let i = 0; i < 300; i += 1)
    fs.appendFileSync(path.join(repo, fileName(i * Math.floor(files / 300))), '// changed\n')
  look('300 changed')
  world.git(repo, 'checkout', '-q', '--', '.')
  fillWithFiles(repo, 5000, 'fresh')
  look('5,000 untracked')
  const dir = path.join(world.home, 'sessions', session)
  const kept = fs.readdirSync(dir).filter((each) => each.startsWith('baseline-'))
  rows.push(amount('baseline on disk', sizeOf(dir, kept), 'MB', 3))
  fs.rmSync(repo, { recursive: true })
  return rows
}

export function sizeOf(dir, names) {
  return names.reduce((sum, each) => sum + fs.statSync(path.join(dir, each)).size, 0) / 1e6
}
