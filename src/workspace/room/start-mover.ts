import fs from 'node:fs'
import path from 'node:path'
import { ok } from '../../base/result.ts'
import { type StartMover, UNKNOWN, treeOf } from './make-room.ts'
import { moveRepository } from './moved-repository.ts'
import { keepStart, movedStart } from './moved-start.ts'
import { makeRepository } from './room-repository.ts'

/** For a supervisor, whose head moves. */
export const startMover: StartMover = {
  keep: keepStart,
  renew: ({ entering: { place, baselines }, state, options }, was, from) => {
    if (was.base === null) return ok(null)
    const differs = movedStart(place, was, baselines, from, options)
    if (differs === null) return ok(null)
    const names = [...was.state.keys(), ...state.keys(), ...differs]
    const had = new Map(names.map((name) => [name, UNKNOWN]))
    const tree = treeOf(place)
    const index = moveRepository(tree, from, was.base)
    if (index !== null) return ok({ had, index })
    fs.rmSync(path.join(tree, '.git'), { recursive: true, force: true })
    const made = makeRepository(tree, from)
    return made.ok ? ok({ had, index: 'anew' }) : made
  },
}
