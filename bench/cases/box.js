import fs from 'node:fs'
import path from 'node:path'
import { interleave, median, perRound } from '../parts/measure.js'
import { amount, extra, ratio } from '../parts/rows.js'
import { watched } from '../parts/watch.js'
import { blockedStop } from '../parts/ways.js'
import { arm, makeRepo } from '../parts/world.js'

export const name = 'box'
export const about = 'what the box around a gate adds to a stop'

const off = { version: 2, policy: { sandbox: 'off' } }

export async function run({ world, rounds, scale }) {
  const stopOf = (repoName, more, argv = ['/bin/true']) => {
    const repo = makeRepo(world, repoName, { commands: { t: { argv } }, profiles: { fast: ['t'] }, ...more })
    const session = arm(world, repo, { kind: 'pathExists', path: 'never' })
    return { ...blockedStop(world, repo, session), session }
  }
  const ways = {
    bare: stopOf('bare', off),
    sandbox: stopOf('sandbox', { version: 1 }),
    box: stopOf('box', { version: 2 }),
  }
  const small = interleave(ways, rounds(31), 2)
  const files = scale(100_000)
  const many = {
    bare: ways.bare,
    box: ways.box,
    'bare, many files': stopOf('bare-large', { ...off, files }),
    'box, many files': stopOf('box-large', { version: 2, files }),
  }
  const large = interleave(many, rounds(11), 1)
  const written = await largeRun(world, stopOf, { rounds: rounds(5), bytes: scale(500_000_000) })
  return [
    extra("one gate in Codex's sandbox alone", small, 'sandbox', 'bare', null),
    extra('one gate in the box', small, 'box', 'bare', 50),
    extra('of it the box around the sandbox', small, 'box', 'sandbox', 25),
    extra('one gate in the box, 100,000 files', large, 'box, many files', 'bare, many files', null),
    amount('of it for the files', perRound(large, moreForTheFiles), 'ms', 20),
    ...written,
    amount('gates that were not in the box', notBoxed(world, ways.box.session), 'gates', 0),
  ]
}

const moreForTheFiles = (one) => one['box, many files'] - one['bare, many files'] - (one.box - one.bare)

/** A gate that writes much, in the box, where it goes to a layer of the data directory, and in the workspace itself. */
async function largeRun(world, stopOf, { rounds, bytes }) {
  const script = `rm -rf out && mkdir out && for i in 1 2 3 4 5 6 7 8 9 10; do head -c ${bytes / 10} /dev/zero > out/$i; done`
  const argv = ['/bin/sh', '-c', script]
  const bare = stopOf('bare-writes', off, argv)
  const box = stopOf('box-writes', { version: 2 }, argv)
  const seen = { bare: [], box: [] }
  for (let round = 0; round < rounds; round += 1) {
    const out = path.join(bare.cwd, 'out')
    seen.bare.push(await watched(bare, out))
    fs.rmSync(out, { recursive: true })
    seen.box.push(await watched(box, path.join(world.home, 'layers')))
  }
  const times = { bare: seen.bare.map(({ ms }) => ms), box: seen.box.map(({ ms }) => ms) }
  const more = (what) => median(seen.box.map((one, i) => one[what] - seen.bare[i][what]))
  return [
    ratio('test run that writes 500 MB', times, 'box', ['bare'], null),
    amount('… disk while it runs, more', more('disk'), 'MB', 5),
    amount('… disk when it is over', Math.max(...seen.box.map(({ left }) => left)), 'MB', 0),
    amount('… memory, more', more('memory'), 'MB', 50),
  ]
}

/** Of the last verdict; a figure of a lower rung would be taken for one of the box. */
function notBoxed(world, session) {
  const file = path.join(world.home, 'sessions', session, 'ledger.jsonl')
  const { data } = JSON.parse(fs.readFileSync(file, 'utf8').trim().split('\n').at(-1))
  return data.commands.filter((each) => each.box?.rung !== 'box').length
}
