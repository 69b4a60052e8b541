import { interleave, median, peakOf } from '../parts/measure.js'
import { amount, ratio } from '../parts/rows.js'
import { bareNode, blockedStop, gitStatus } from '../parts/ways.js'
import { arm, makeRepo } from '../parts/world.js'
import fs from 'node:fs'

export const name = 'growth'
export const about = 'pathChanged **/* with more and more tracked files, nothing changed'

export function run({ world, rounds, scale, long }) {
  const rows = []
  const points = []
  for (const files of [1000, 10_000, 100_000, ...(long ? [400_000] : [])].map(scale)) {
    const repo = makeRepo(world, `growth-${files}`, { files })
    const session = arm(world, repo, [
      { kind: 'pathChanged', glob: '**/*' },
      { kind: 'pathExists', path: 'never' },
    ])
    const stop = blockedStop(world, repo, session)
    const samples = interleave(
      { node: bareNode, 'git status': gitStatus(repo), ours: stop },
      rounds(files > 50_000 ? 5 : 9),
    )
    rows.push(ratio(`${files.toLocaleString('en')} files`, samples, 'ours', ['git status', 'node'], 1.5))
    if (files >= 400_000)
      rows.push(
        amount(
          `${files.toLocaleString('en')} files: memory`,
          peakOf(world.bundle, ['stop'], { ...stop, env: world.hookEnv }),
          'MB',
          150,
        ),
      )
    points.push({ files, ours: median(samples.ours), git: median(samples['git status']) })
    fs.rmSync(repo, { recursive: true })
  }
  const [first, last] = [points[0], points.at(-1)]
  const slope = (who) => ((last[who] - first[who]) / (last.files - first.files)) * 1000
  rows.push({
    ...amount('slope, per 1,000 files', slope('ours') / slope('git'), '×', 1.5),
    ms: slope('ours'),
    referenceMs: slope('git'),
    reference: "git status's slope",
  })
  return rows
}
