import fs from 'node:fs'
import path from 'node:path'
import { interleave, median, peakOf } from '../parts/measure.js'
import { amount, ratio } from '../parts/rows.js'
import { activation, bareNode, blockedStop } from '../parts/ways.js'
import { arm, fileName, makeRepo } from '../parts/world.js'
import { sizeOf } from './tracked.js'

export const name = 'plain'
export const about = 'pathChanged **/* with 100,000 files outside git'

export function run({ world, rounds, scale }) {
  const files = scale(100_000)
  const repo = makeRepo(world, 'plain', { files, git: false })
  const find = { argv: ['find', '.', '-type', 'f', '-printf', '%s %T@ %p\n'], cwd: repo }
  const session = arm(world, repo, [
    { kind: 'pathChanged', glob: '**/*' },
    { kind: 'pathExists', path: 'never' },
  ])
  const stop = blockedStop(world, repo, session)
  const again = interleave({ node: bareNode, find, ours: stop }, rounds(7))
  const rows = [ratio('stop, nothing changed', again, 'ours', ['find', 'node'], 3)]

  for (let i = 0; i < 300; i += 1)
    fs.appendFileSync(path.join(repo, fileName(i * Math.floor(files / 300))), '// changed\n')
  const found = blockedStop(world, repo, session, { words: 'pathExists never' })
  const changed = interleave({ node: bareNode, find, ours: found }, rounds(5))
  rows.push(ratio('stop, 300 changed', changed, 'ours', ['find', 'node'], 3))
  rows.push(
    amount('stop: memory', peakOf(world.bundle, ['stop'], { ...found, env: world.hookEnv }), 'MB', 150),
    amount('changed files found', 300 - changedFiles(world, repo, session), 'missed', 0),
  )
  const arming = activation(world, repo)
  arming.before()
  rows.push(
    amount(
      'activation: memory',
      peakOf(world.bundle, ['user-prompt-submit'], { ...arming, env: world.hookEnv }),
      'MB',
      150,
    ),
  )
  const armings = interleave({ find, ours: arming }, rounds(3), 0)
  rows.push({
    ...amount('activation', median(armings.ours), 'ms', null),
    ms: median(armings.ours),
    referenceMs: median(armings.find),
    reference: 'find',
  })
  const dir = path.join(world.home, 'sessions', session)
  rows.push(
    amount(
      'baseline on disk',
      sizeOf(
        dir,
        fs.readdirSync(dir).filter((each) => each.startsWith('baseline-')),
      ),
      'MB',
      3,
    ),
  )
  fs.rmSync(repo, { recursive: true })
  return rows
}

/** How many changes the last verdict saw: the ledger's last evidence names some and counts the rest. */
function changedFiles(world, repo, session) {
  const lines = fs
    .readFileSync(path.join(world.home, 'sessions', session, 'ledger.jsonl'), 'utf8')
    .trim()
    .split('\n')
  const { paths } = JSON.parse(lines.at(-1)).data.evidence[0].found
  return paths.some.length + paths.more
}
