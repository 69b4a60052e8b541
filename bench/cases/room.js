import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { interleave, perRound } from '../parts/measure.js'
import { amount, ratio } from '../parts/rows.js'
import { answered, blockedStop, lastVerdict } from '../parts/ways.js'
import { arm, fileName, fillWithFiles, makeRepo } from '../parts/world.js'

export const name = 'room'
export const about = 'the clean room on 100,000 files, beside git worktree add'

/** What holds a run while it is not there. */
const DONE = 'src/d0/e0/done.js'
const PLACES = ['clean-room', 'in-place']
const WAYS = ['files', 'worktree', ...PLACES.flatMap((place) => [`${place}, first`, `${place}, later`])]

/**
 * Each round makes a tree in each way, one after another, in another order each time, and nothing is removed before the last: an ext4 without a
 * journal looks again and again at every inode that was freed within five minutes, so that whoever makes files next pays for it.
 */
export async function run({ world, rounds, scale }) {
  const files = scale(100_000)
  const repos = Object.fromEntries(PLACES.map((place) => [place, repoOf(world, place, files)]))
  const seen = Object.fromEntries(WAYS.map((name) => [name, []]))
  for (let round = 0; round < rounds(4); round += 1) {
    const ways = {
      files: () => ({ files: bareFiles(path.join(world.dir, `bare-${round}`), files) }),
      worktree: () => ({
        worktree: worktreeAdd(world, repos['clean-room'], path.join(world.dir, `worktree-${round}`)),
      }),
      'clean-room': () => runOf(world, repos['clean-room'], 'clean-room', round),
      'in-place': () => runOf(world, repos['in-place'], 'in-place', round),
    }
    const names = Object.keys(ways)
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      // What the one before wrote is not to be on its way to the disk still.
      spawnSync('sync')
      for (const [what, ms] of Object.entries(ways[name]())) seen[what].push(ms)
    }
  }
  const looks = Object.fromEntries(PLACES.map((place) => [place, idleStop(world, repos[place])]))
  const unchanged = interleave(looks, rounds(9), 1)
  const more = (which) => (one) => one[`clean-room, ${which}`] - one[`in-place, ${which}`]
  const least = (name) => Math.min(...seen[name])
  const leastMore = least('clean-room, first') - least('in-place, first')
  return [
    amount('first entering', perRound(seen, more('first')), 'ms', null),
    {
      ...ratio('… beside git worktree add', seen, 'clean-room, first', ['worktree'], 1.2),
      figure: perRound(seen, (one) => more('first')(one) / one.worktree),
    },
    amount('… the least of each', leastMore / least('worktree'), '×', null),
    ratio('… the files alone, made by node', seen, 'files', ['worktree'], null),
    amount('later entering', perRound(seen, more('later')), 'ms', 1000),
    amount('… the least', least('clean-room, later') - least('in-place, later'), 'ms', null),
    ratio('stop that runs no gate', unchanged, 'clean-room', ['in-place'], 1.1),
  ]
}

/** The same files in the same directories, and nothing else done: what the disk takes for them. */
function bareFiles(to, files) {
  const begin = process.hrtime.bigint()
  fillWithFiles(to, files)
  return Number(process.hrtime.bigint() - begin) / 1e6
}

function repoOf(world, verify, files) {
  const commands = { done: { argv: ['/usr/bin/test', '-f', DONE] } }
  const repo = makeRepo(world, verify, {
    version: 2,
    files,
    commands,
    profiles: { default: [] },
    policy: { verify },
  })
  fs.writeFileSync(path.join(repo, DONE), 'export const done = 1\n')
  world.git(repo, 'add', '-A')
  world.git(repo, 'commit', '-q', '-m', 'done')
  // As a clone has them. Objects in a file each would slow both sides.
  world.git(repo, 'repack', '-adq')
  return repo
}

/** Of a run whose evidence is outstanding: no gate is run, and no room is needed. */
function idleStop(world, repo) {
  return blockedStop(world, repo, arm(world, repo, { kind: 'pathExists', path: 'never' }))
}

function worktreeAdd(world, repo, to) {
  const begin = process.hrtime.bigint()
  world.git(repo, 'worktree', 'add', '-q', '--detach', to, 'HEAD')
  return Number(process.hrtime.bigint() - begin) / 1e6
}

/**
 * Milliseconds of a run's first stop and of its second, after a small edit. At the first the gate fails, so that what failed in the room is
 * tried in place as well: that is in the figure.
 */
function runOf(world, repo, place, round) {
  const session = arm(world, repo, { kind: 'pathExists', path: 'src' })
  const aside = path.join(world.dir, 'done')
  fs.renameSync(path.join(repo, DONE), aside)
  const first = stop(world, repo, session, place, 'block')
  fs.renameSync(aside, path.join(repo, DONE))
  const file = path.join(repo, fileName(100))
  const text = fs.readFileSync(file)
  fs.writeFileSync(file, `// edit ${round}\n`)
  const later = stop(world, repo, session, place, 'release')
  fs.writeFileSync(file, text)
  return { [`${place}, first`]: first, [`${place}, later`]: later }
}

/** Milliseconds. Throws when it was not the stop that was to be measured. */
function stop(world, repo, session, place, wanted) {
  const ms = answered(world, repo, session)
  const { verdict, commands } = lastVerdict(world, session)
  const where = commands.map(({ box }) => box?.place ?? 'in-place')
  if (verdict !== wanted || where.length !== 1 || where[0] !== place)
    throw new Error(`${repo}: ${verdict} ${JSON.stringify(commands, null, 1)}`)
  return ms
}
