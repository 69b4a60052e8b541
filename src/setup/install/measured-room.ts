import fs from 'node:fs'
import path from 'node:path'
import { makeOwned, removeOwned, sweepOwned } from '../../base/owned-directory.ts'
import { type Result, ok } from '../../base/result.ts'
import type { PrepareStep, ProjectConfig } from '../../contract/types.ts'
import { captureBaseline } from '../../evidence/baseline.ts'
import { saveBaseline } from '../../evidence/baseline-file.ts'
import { evidenceOptions } from '../../evidence/options.ts'
import { GateRow } from '../../gates/row.ts'
import type { GateGround } from '../../judging/gate-ground.ts'
import { type GateRunnerParts, gateStarter } from '../../judging/gate-runner.ts'
import type { ReadyRoom } from '../../judging/ports.ts'
import type { Watch } from '../../judging/watch.ts'
import { homePaths } from '../../ledger/paths.ts'
import { hasIn, makeRoom } from '../../records/clean-room.ts'
import type { Context } from '../../records/context.ts'
import { roomMachine } from '../../records/gate-machine.ts'
import { readCopies, saveCopies } from '../../workspace/copied.ts'
import { workspaceLook } from '../../workspace/look.ts'
import { measuredGround, measuringParts } from './ground.ts'
import { isInterrupted, whyNot } from './rungs.ts'
import type { TryPlace } from './try-gate.ts'

/** Others who work in the repository are between two writes by then, as a rule. */
const mostRounds = 3

export interface RoomWish {
  readonly root: string
  /** With what a person has already named for it: `copy`, limits. */
  readonly config: ProjectConfig
  readonly prepare: readonly PrepareStep[]
  /** Globs of ignored files that it gets besides those of the config. */
  readonly copy?: readonly string[]
  readonly abort: AbortSignal
  readonly watch: Watch
}

export interface MeasuredRoom extends Pick<ReadyRoom, 'has' | 'files'> {
  readonly kind: 'ready'
  readonly place: TryPlace
  /** It is gone then, and what was prepared may be removed. */
  readonly close: () => void
}

export type MeasuredRoomAnswer =
  | MeasuredRoom
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'interrupted' }

/** A clean room with the tree as it is now, as the room of a run would hold it that began now and changed nothing. */
export async function openRoom(context: Context, wish: RoomWish): Promise<MeasuredRoomAnswer> {
  const { rooms } = homePaths(context.env.home)
  sweepOwned(rooms)
  const dir = makeOwned(rooms)
  const opened = await fillRoom(context, wish, dir).catch((error: unknown) => {
    removeOwned(dir)
    throw error
  })
  if (opened.kind !== 'ready') removeOwned(dir)
  return opened
}

async function fillRoom(context: Context, wish: RoomWish, dir: string): Promise<MeasuredRoomAnswer> {
  const { root, abort } = wish
  const started = await startOf(context, wish, path.join(dir, 'start'))
  if (!started.ok) return { kind: 'none', why: started.error.message }
  const { ground, baselineDir } = started.value
  const gates: Omit<GateRunnerParts, 'machine'> = { ...measuringParts(context, abort), watch: wish.watch }
  const wanted = { run: ground, codex: null, baselineDir, place: dir, gates }
  const look = workspaceLook(
    { root, tasks: [], baselines: ground.activation.baselines, baselineDir, leftByGates: [] },
    evidenceOptions(context.env),
  )
  if (!look.ok) return { kind: 'none', why: look.error.message }
  for (let round = 1; round <= mostRounds; round += 1) {
    const seen = await look.value()
    if (!seen.ok) return { kind: 'none', why: seen.error.message }
    const made = await makeRoom(context, wanted, seen.value)
    switch (made.kind) {
      case 'moved':
        continue
      case 'refused':
        return { kind: 'none', why: made.why.message }
      case 'unprepared': {
        if (await isInterrupted(made.result, abort)) return { kind: 'interrupted' }
        const { name, argv } = made.result
        return { kind: 'none', why: `${name} (${argv.join(' ')}) did not pass: ${whyNot(made.result)}` }
      }
      case 'ready': {
        const { tree, letGo } = made
        const row = new GateRow()
        const machine = () => roomMachine(context, ground, null, tree)
        return {
          kind: 'ready',
          files: tree.files.files,
          has: hasIn(root, tree),
          place: { root, row, start: gateStarter(ground, { ...gates, machine }) },
          close: () => {
            row.end()
            letGo()
            removeOwned(dir)
          },
        }
      }
      default:
        return made satisfies never
    }
  }
  return { kind: 'none', why: 'the workspace was written to while it was copied' }
}

/** The start is the tree as it is, ignored files that were named for the room among it. */
async function startOf(
  context: Context,
  { root, config, prepare, copy = [] }: RoomWish,
  baselineDir: string,
): Promise<Result<{ readonly ground: GateGround; readonly baselineDir: string }>> {
  const options = evidenceOptions(context.env)
  const baseline = await captureBaseline(root, [], options)
  if (!baseline.ok) return baseline
  const globs = [...(config.copy ?? []), ...copy]
  const copies = globs.length === 0 ? null : await readCopies(root, globs, options)
  if (copies?.ok === false) return copies
  fs.mkdirSync(baselineDir, { mode: 0o700 })
  const bare = measuredGround(context, root, { ...config, prepare })
  const copied = copies === null ? {} : { copied: saveCopies(baselineDir, copies.value) }
  const baselines = [saveBaseline(baselineDir, baseline.value)]
  return ok({ ground: { ...bare, activation: { ...bare.activation, baselines, ...copied } }, baselineDir })
}
