import fs from 'node:fs'
import path from 'node:path'
import { interleave } from '../parts/measure.js'
import { amount, extra } from '../parts/rows.js'
import { blockedStop } from '../parts/ways.js'
import { arm, makeRepo } from '../parts/world.js'

export const name = 'box'
export const about = 'what the box around a gate adds to a stop'

const profile = { commands: { t: { argv: ['/bin/true'] } }, profiles: { fast: ['t'] } }

export function run({ world, rounds, scale }) {
  const stopOf = (repoName, more) => {
    const repo = makeRepo(world, repoName, { ...profile, ...more })
    const session = arm(world, repo, { kind: 'pathExists', path: 'never' })
    return { ...blockedStop(world, repo, session), session }
  }
  const off = { version: 2, policy: { sandbox: 'off' } }
  const ways = {
    bare: stopOf('bare', off),
    sandbox: stopOf('sandbox', { version: 1 }),
    box: stopOf('box', { version: 2 }),
  }
  const small = interleave(ways, rounds(31), 2)
  const files = scale(100_000)
  const large = interleave(
    { bare: stopOf('bare-large', { ...off, files }), box: stopOf('box-large', { version: 2, files }) },
    rounds(11),
    1,
  )
  return [
    extra('one gate in the box', small, 'box', 'bare', 50),
    extra('of it the box around the sandbox', small, 'box', 'sandbox', null),
    // 20 ms more than the box may take among few files.
    extra('one gate in the box, 100,000 files', large, 'box', 'bare', 70),
    amount('gates that were not in the box', notBoxed(world, ways.box.session), 'gates', 0),
  ]
}

/** Of the last verdict; a figure of a lower rung would be taken for one of the box. */
function notBoxed(world, session) {
  const file = path.join(world.home, 'sessions', session, 'ledger.jsonl')
  const { data } = JSON.parse(fs.readFileSync(file, 'utf8').trim().split('\n').at(-1))
  return data.commands.filter((each) => each.box?.rung !== 'box').length
}
