import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { interleave } from '../parts/measure.js'
import { extra, ratio } from '../parts/rows.js'
import { bareNode, bareShell, silent, withoutNode } from '../parts/ways.js'
import { arm, makeRepo } from '../parts/world.js'

export const name = 'off'
export const about = 'hook events of sessions that have nothing to do with us'

export function run({ world, rounds }) {
  const elsewhere = path.join(world.dir, 'elsewhere')
  fs.mkdirSync(elsewhere)
  const ways = (shim) => ({
    stop: silent(shim, world, 'stop', elsewhere),
    'session-start': silent(shim, world, 'session-start', elsewhere),
    'user-prompt-submit': silent(shim, world, 'user-prompt-submit', elsewhere),
  })
  const blind = withoutNode(world)
  const first = interleave({ sh: bareShell, node: bareNode, ...ways(world.shim) }, rounds(30), 3)
  interleave(ways(blind), 1, 0)

  const repo = makeRepo(world, 'off')
  for (let i = 0; i < 3; i += 1) arm(world, repo, { kind: 'pathExists', path: 'never' })
  const session = randomUUID()
  const other = { stop: silent(world.shim, world, 'stop', repo, session) }
  const second = interleave({ sh: bareShell, node: bareNode, ...other }, rounds(30), 3)
  interleave({ stop: silent(blind, world, 'stop', repo, session) }, 1, 0)

  return [
    ...Object.keys(ways(world.shim)).flatMap((event) => [
      extra(`${event}, nothing armed`, first, event, 'sh', 4),
      ratio(`${event}, nothing armed`, first, event, ['node'], 0.1),
    ]),
    extra('stop, other sessions armed', second, 'stop', 'sh', 4),
    ratio('stop, other sessions armed', second, 'stop', ['node'], 0.1),
  ]
}
