import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { captureBaseline } from '../../src/evidence/baseline.ts'
import type { Baseline } from '../../src/evidence/types.ts'
import { compareWith } from '../../src/evidence/compare.ts'
import { type Room, enterRoom } from '../../src/workspace/room/room.ts'
import { Rig } from '../evidence/rig.ts'

/** A workspace, its start, and the room of a run that began there. */
export class RoomRig extends Rig {
  readonly place = path.join(this.dir, 'room')
  #start: Baseline | undefined

  async start(): Promise<this> {
    const taken = await captureBaseline(this.root, [], this.options)
    if (!taken.ok) throw new Error(taken.error.message)
    this.#start = taken.value
    return this
  }

  /** The room with what the workspace holds now. Files that are younger than a tick make a look that is taken again. */
  async enter(): Promise<Room> {
    const baselines = [this.#start!]
    for (;;) {
      const at = Date.now()
      const comparison = await compareWith(this.root, baselines, [], this.options)
      if (!comparison.ok) throw new Error(comparison.error.message)
      const look = { at, comparison: comparison.value, evidence: [], byGates: new Set<string>() }
      const entered = await enterRoom({ place: this.place, root: this.root, baselines, look }, this.options)
      if (!entered.ok) throw new Error(entered.error.message)
      if (entered.value.kind === 'ready') return entered.value.room
    }
  }

  /** git as a gate asks it, in the room; with no settings of a person unless given. */
  ask(room: Room, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    return execFileSync('git', args, {
      cwd: room.dir,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: this.home, GIT_CONFIG_NOSYSTEM: '1', ...env },
    })
  }

  /** Sets when a file of the workspace was changed last. */
  touch(file: string, seconds: number): this {
    fs.utimesSync(this.path(file), seconds, seconds)
    return this
  }
}
