import fs from 'node:fs'
import path from 'node:path'
import { median } from '../parts/measure.js'
import { amount, ratio } from '../parts/rows.js'
import { HELD, megabytes, missingOf, withShaped, toolDirectories, typed } from '../parts/shaped.js'
import { answered, lastVerdict } from '../parts/ways.js'
import { arm } from '../parts/world.js'
import { express, pnpm, vite } from '../shapes/node.js'
import { cargo, go, python } from '../shapes/system.js'

export const name = 'day'
export const about =
  "a day's wait: from a stop to its answer with verify: clean-room, beside the bare commands"

/** A small edit may take a quarter more than the bare commands, and so many milliseconds. */
const MORE = 1.25
const BESIDES = 2000

export async function run({ world, long, rounds, shapes }) {
  const isWanted = (shape) => shapes === undefined || shapes.some((word) => shape.name.includes(word))
  const { PATH } = world.env
  world.env.PATH = [...toolDirectories(), PATH].join(':')
  try {
    const all = [express, vite, pnpm(long), python, go, cargo]
    const rows = []
    for (const shape of all.filter(isWanted)) {
      const missing = missingOf(shape, world.env)
      if (missing)
        rows.push(amount(`${shape.name}: left out, this machine has no ${missing}`, 0, 'stops', null))
      else
        rows.push(
          ...(await withShaped(world, shape, (repo) => waits(world, repo, shape, rounds(long ? 5 : 2)))),
        )
    }
    return rows
  } finally {
    world.env.PATH = PATH
  }
}

/**
 * Each round is on a clean tree of its own. A run with nothing changed is released at once: with it comes what later ones find warm, as after
 * `install-repo --measure`. The next run is held at its first stop and at one with nothing new, and released after a small edit. Ours
 * come before the bare commands, which would else leave warm caches of just this edit.
 */
function waits(world, repo, shape, rounds) {
  const gates = Object.values(shape.gates)
  const [hold, text] = shape.hold
  const seen = { first: [], later: [], same: [], edit: [], bare: [], bareEdit: [], bareFirst: [] }
  const begin = () => arm(world, repo, { kind: 'pathExists', path: '.codex' })
  for (let round = 0; round < rounds; round += 1) {
    const first = stop(world, repo, begin(), { isHeld: false })
    if (round === 0) seen.first.push(first)
    const session = begin()
    fs.writeFileSync(path.join(repo, hold), text)
    seen.later.push(stop(world, repo, session, { isHeld: true }))
    seen.same.push(stop(world, repo, session, { isHeld: true }))
    fs.rmSync(path.join(repo, hold))
    const [file, edited] = shape.edit(`edit ${round}`)
    fs.writeFileSync(path.join(repo, file), edited)
    seen.edit.push(stop(world, repo, session, { isHeld: false }))
    if (round === 0) seen.bareFirst.push(typed(world, repo, ...shape.prepare, ...gates))
    // Once more with what the round before edited, so that both see an edit of one file.
    else seen.bareEdit.push(typed(world, repo, ...gates))
    seen.bare.push(typed(world, repo, ...gates))
    world.git(repo, 'commit', '-q', '-a', '-m', `round ${round}`)
  }
  if (rounds === 1) seen.bareEdit.push(...seen.bare)
  return rowsOf(shape, seen, megabytes(path.join(repo, 'node_modules')))
}

function rowsOf({ name: shape, prepare }, seen, modules) {
  const called = modules === 0 ? shape : `${shape}, node_modules of ${modules} MB`
  const beside = (ours, bare) => ({ [ours]: [median(seen[ours])], bare: [median(seen[bare])] })
  const may = MORE * median(seen.bareEdit) + BESIDES
  return [
    {
      ...ratio(`${called}: small edit`, { edit: [median(seen.edit)], may: [may] }, 'edit', ['may'], 1),
      reference: `1.25 × bare (${Math.round(median(seen.bareEdit))} ms) + 2 s`,
    },
    ratio('… stop with nothing new', beside('same', 'bare'), 'same', ['bare'], null),
    {
      ...ratio('… first stop ever', beside('first', 'bareFirst'), 'first', ['bare'], null),
      reference: prepare.length > 0 ? 'install + bare' : 'bare',
    },
    ratio('… first stop of a later run', beside('later', 'bare'), 'later', ['bare'], null),
  ]
}

/** Milliseconds. Throws when the gates did not run where they were to. */
function stop(world, repo, session, { isHeld }) {
  const ms = answered(world, repo, session)
  const { verdict, commands } = lastVerdict(world, session)
  const odd = commands.filter(
    ({ name: gate, outcome, box }) =>
      box?.place !== 'clean-room' || (outcome !== 'passed' && !(isHeld && gate === HELD)),
  )
  if (odd.length > 0 || commands.length === 0 || (verdict === 'release') === isHeld)
    throw new Error(`${repo}: ${verdict} ${JSON.stringify(odd, null, 1)}`)
  return ms
}
