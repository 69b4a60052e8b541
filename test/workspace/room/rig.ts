import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fsPath } from '../../../src/evidence/path-text.ts'
import type { Baseline, NamedPath } from '../../../src/evidence/types.ts'
import { walkFiles } from '../../../src/evidence/walk.ts'
import type { WorkspaceLook } from '../../../src/workspace/look.ts'
import type { StartFiles } from '../../../src/workspace/room/start-content.ts'
import { startMover } from '../../../src/workspace/room/start-mover.ts'
import { type Room, enterRoom } from '../../../src/workspace/room/room.ts'
import { type Rig, value, withRig } from '../../evidence/rig.ts'

/** Where the room of a rig lies: one, made anew or renewed by each call. */
const placeOf = (rig: Rig): string => path.join(rig.dir, 'room')
export const treeOf = (rig: Rig): string => path.join(placeOf(rig), 'tree')

/** `at` is later than everything unless it is given: nothing counts as changed since. */
export async function lookOf(
  rig: Rig,
  baseline: Baseline,
  { at = Date.now() + 60_000, named = [] as readonly NamedPath[] } = {},
): Promise<WorkspaceLook> {
  const comparison = await rig.compare(baseline, named)
  return { at, comparison, evidence: [], byGates: new Set() }
}

/** Null: what is there is not what was looked at. */
export async function enter(
  rig: Rig,
  baseline: Baseline,
  look?: WorkspaceLook,
  restored: StartFiles = new Map(),
): Promise<Room | null> {
  const entered = await enterRoom(
    {
      place: placeOf(rig),
      root: rig.root,
      baselines: [baseline],
      look: look ?? (await lookOf(rig, baseline)),
      restored,
      mover: startMover,
    },
    rig.options,
  )
  const known = value(entered)
  return known.kind === 'ready' ? known.room : null
}

/** Files and links of a tree with what they hold. */
export function contentOf(root: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const file of walkFiles(root, '', () => true)) {
    const place = fsPath(root, file)
    const stat = fs.lstatSync(place)
    if (stat.isSymbolicLink()) found[file] = `-> ${fs.readlinkSync(place)}`
    else if (stat.isFile())
      found[file] = `${stat.mode & 0o100 ? 'x ' : ''}${fs.readFileSync(place, 'latin1')}`
    else found[file] = 'special'
  }
  return found
}

/** Shell text as an agent or a person runs it, in the workspace or in another directory. */
export function sh(rig: Rig, text: string, cwd = rig.root): string {
  return execFileSync('/bin/sh', ['-ec', text], {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
    env: {
      PATH: process.env['PATH'],
      HOME: rig.home,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'T',
      GIT_AUTHOR_EMAIL: 't@localhost',
      GIT_COMMITTER_NAME: 'T',
      GIT_COMMITTER_EMAIL: 't@localhost',
    },
  })
}

/** The start is made by one shell text, the work by another; `then` looks at a room that holds both. */
export async function withRoom(
  start: string,
  work: string,
  then: (rig: Rig, room: Room, baseline: Baseline) => void | Promise<void>,
): Promise<void> {
  await withRig(async (rig) => {
    sh(rig, start)
    const baseline = await rig.baseline()
    sh(rig, work)
    const room = await enter(rig, baseline)
    if (room === null) throw new Error('the workspace moved')
    await then(rig, room, baseline)
  })
}
