import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { attemptsIn, makeBatchRepo, wholeBatch } from '../parts/batch.js'
import { median } from '../parts/measure.js'
import { amount } from '../parts/rows.js'
import { typed } from '../parts/shaped.js'
import { fileName } from '../parts/world.js'

export const name = 'batch'
export const about =
  'an attempt of a batch around an agent that answers at once, beside git worktree add, status and add'

/** At most so much of an attempt is ours. Milliseconds. */
const SIZES = [
  [1_000, 300],
  [100_000, 2_500],
]

/**
 * Times are the ledger's own. What the agent and the gates take is taken off; the first attempt makes the worktree and the room, so it is
 * a row of its own.
 */
export async function run({ world, rounds, scale }) {
  const rows = []
  for (const [size, most] of SIZES) {
    const files = size === 1_000 ? size : scale(size)
    const repo = makeBatchRepo(world, `batch-${size}`, { files, items: 1 + rounds(size === 1_000 ? 9 : 4) })
    spawnSync('sync')
    const [first, ...later] = attemptsIn(world, await wholeBatch(world, repo))
    const of = (part) => median(later.map((one) => one[part]))
    const git = gitAlone(world, repo, size)
    const what = files.toLocaleString('en')
    rows.push(
      beside(`an attempt, ${what} files`, of('own'), most, git, ['worktree', 'status', 'add']),
      beside('… worktree of the item before', of('worktree'), null, git, ['worktree']),
      beside('… candidate', of('candidate'), 600, git, ['add']),
      beside('… joined and judged, without its gates', of('judged'), null, git, ['status']),
      amount('… head moves', of('integration'), 'ms', 1000),
      beside('… kept and reset', of('reset'), 1000, git, ['status']),
      amount('… the first, which makes worktree and room', first.own, 'ms', null),
    )
  }
  return rows
}

/** Milliseconds of git on the same repository. */
function gitAlone(world, repo, size) {
  const to = path.join(world.dir, `worktree-${size}`)
  const worktree = typed(world, repo, ['git', 'worktree', 'add', '-q', '--detach', to, 'HEAD'])
  fs.writeFileSync(path.join(to, fileName(1)), '// an edit\n')
  const status = typed(world, to, ['git', 'status', '--porcelain'])
  const add = typed(world, to, ['git', 'add', '-A'])
  return { worktree, status, add }
}

function beside(name, ms, limit, git, references) {
  return {
    ...amount(name, ms, 'ms', limit),
    referenceMs: references.reduce((sum, one) => sum + git[one], 0),
    reference: `git ${references.join(' + ')}`,
  }
}
