import path from 'node:path'
import type { ProcessId } from '../base/process-id.ts'
import { type Result, ok } from '../base/result.ts'
import { loadBaseline } from '../evidence/baseline-file.ts'
import type { Baseline } from '../evidence/types.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { type GateRunnerParts, gateRunner } from '../judging/gate-runner.ts'
import type { RoomAnswer, RoomPort } from '../judging/ports.ts'
import { homePaths } from '../ledger/paths.ts'
import type { RunState } from '../ledger/state.ts'
import { enterRoom } from '../workspace/room/room.ts'
import type { WorkspaceLook } from '../workspace/look.ts'
import type { Context } from './context.ts'
import { roomMachine } from './gate-machine.ts'
import { prepareRoom } from './prepare-room.ts'
import type { LowerTree } from './sealing.ts'

export interface CleanRoom {
  readonly run: RunState
  readonly codex: ProcessId | null
  /** Of the run's baseline files. */
  readonly baselineDir: string
  /** Of this room alone; see `roomOf`. */
  readonly place: string
  readonly gates: Omit<GateRunnerParts, 'machine'>
}

/** Where the room of a run lies, which its stops share one after another. */
export function roomOf(home: string, { runId }: RunState): string {
  return path.join(homePaths(home).rooms, runId)
}

export function cleanRoom(context: Context, room: CleanRoom): RoomPort {
  return { enter: (look) => enter(context, room, look) }
}

async function enter(
  context: Context,
  { run, codex, baselineDir, place, gates }: CleanRoom,
  look: WorkspaceLook,
): Promise<RoomAnswer> {
  const { env } = context
  const { repoRoot } = run.activation
  const baselines = loadAll(baselineDir, run.activation.baselines)
  if (!baselines.ok) return { kind: 'refused', why: baselines.error }
  const entered = await enterRoom(
    { place, root: repoRoot, baselines: baselines.value, look },
    evidenceOptions(env),
  )
  if (!entered.ok) return { kind: 'refused', why: entered.error }
  if (entered.value.kind === 'moved') return { kind: 'moved' }
  const { room } = entered.value
  const empty: LowerTree = {
    dir: path.join(room.dir, room.prefix),
    files: room.files,
    prepared: [],
    around: room.prefix === '' ? null : { dir: room.dir, top: room.top },
    masked: room.masked,
  }
  const prepared = await prepareRoom(
    context,
    run,
    codex,
    empty,
    { dir: empty.dir, files: empty.files.files, digest: look.comparison.fingerprint },
    gates,
  )
  if (prepared.kind !== 'ready') return prepared
  const tree = { ...empty, prepared: prepared.layers }
  return {
    kind: 'ready',
    runGates: gateRunner(run, { ...gates, machine: () => roomMachine(context, run, codex, tree) }),
  }
}

function loadAll(dir: string, names: readonly string[]): Result<readonly Baseline[]> {
  const all: Baseline[] = []
  for (const name of names) {
    const loaded = loadBaseline(dir, name)
    if (!loaded.ok) return loaded
    all.push(loaded.value)
  }
  return ok(all)
}
