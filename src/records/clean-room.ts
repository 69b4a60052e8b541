import fs from 'node:fs'
import path from 'node:path'
import type { ProcessId } from '../base/process-id.ts'
import { type Sha256, canonicalJson, sha256 } from '../base/hash.ts'
import { readTextSafe } from '../base/read-file.ts'
import { realPath } from '../base/within.ts'
import { type Result, ok } from '../base/result.ts'
import { loadBaselines } from '../evidence/baseline-file.ts'
import type { Baseline } from '../evidence/types.ts'
import { evidenceOptions } from '../evidence/options.ts'
import type { GateGround } from '../judging/gate-ground.ts'
import { type GateRunnerParts, gateRunner } from '../judging/gate-runner.ts'
import type { RoomAnswer, RoomPort, RunGates } from '../judging/ports.ts'
import type { Doing } from '../judging/watch.ts'
import { homePaths } from '../ledger/paths.ts'
import type { RunState } from '../ledger/state.ts'
import { isKnownToPass } from '../verdict/room-passes.ts'
import { loadCopies } from '../workspace/copied.ts'
import { copiedDirectory } from '../evidence/copies-of-run.ts'
import { enterRoom } from '../workspace/room/room.ts'
import type { StartMover } from '../workspace/room/make-room.ts'
import { restoredMark } from '../workspace/room/restore.ts'
import type { StartFiles } from '../workspace/room/start-content.ts'
import type { WorkspaceLook } from '../workspace/look.ts'
import type { Context } from './context.ts'
import { roomMachine, viewOf } from './gate-machine.ts'
import { passKeys } from './pass-keys.ts'
import { letGo } from './layer-store.ts'
import { cachesPlace } from './room-caches.ts'
import { findWarm, keepWarm, warmBase } from './warm-room.ts'
import { prepareRoom } from './prepare-room.ts'
import type { LowerTree } from './sealing.ts'

/** Longest manifest or lock file that is read. Bytes. */
const MOST_TEXT = 64 << 20

export interface CleanRoom {
  readonly run: RunState
  readonly codex: ProcessId | null
  /** Of the run's baseline files. */
  readonly baselineDir: string
  /** Of this room alone; see `roomOf`. */
  readonly place: string
  /** For a room whose start moves; see `StartMover`. */
  readonly mover?: StartMover
  readonly gates: Omit<GateRunnerParts, 'machine'>
}

/** Where the room of a run lies, which its stops share one after another. */
export function roomOf(home: string, { runId }: RunState): string {
  return path.join(homePaths(home).rooms, runId)
}

export function cleanRoom(context: Context, room: CleanRoom): RoomPort {
  return { enter: (look) => enter(context, room, look) }
}

/** Whoever wants a room says what it stands on. */
export type RoomWanted = Omit<CleanRoom, 'run'> & { readonly run: GateGround }

/** A room with what `prepare` made of it. */
export interface PreparedRoom {
  readonly kind: 'ready'
  readonly tree: LowerTree
  /** Names all that it holds. Of a part of a repository nobody knows what lies beside it, so each room is another. */
  readonly content: Sha256
  readonly baselines: readonly Baseline[]
  /** See `Prepared`. */
  readonly letGo: () => void
}

/** Makes the room hold what was looked at, and prepares it. */
export async function makeRoom(
  context: Context,
  { run, codex, baselineDir, place, mover, gates }: RoomWanted,
  look: WorkspaceLook,
  restored: StartFiles = new Map(),
): Promise<PreparedRoom | Exclude<RoomAnswer, { readonly kind: 'ready' }>> {
  const { env } = context
  const { repoRoot } = run.activation
  const baselines = loadBaselines(baselineDir, run.activation.baselines)
  if (!baselines.ok) return { kind: 'refused', why: baselines.error }
  const doing: Doing = { kind: 'room' }
  gates.watch?.began(doing)
  const entered = await enterRoom(
    { place, root: repoRoot, baselines: baselines.value, look, restored, ...(mover ? { mover } : {}) },
    evidenceOptions(env),
  ).finally(() => gates.watch?.ended(doing))
  if (!entered.ok) return { kind: 'refused', why: entered.error }
  if (entered.value.kind === 'moved') return entered.value
  const { room } = entered.value
  const copied = copiesOf(run, baselineDir)
  if (!copied.ok) return { kind: 'refused', why: copied.error }
  const empty: LowerTree = {
    dir: path.join(room.dir, room.prefix),
    files: room.files,
    prepared: copied.value.layers,
    caches: {
      dir: cachesPlace(env.home, repoRoot),
      stays: look.comparison.changes.length === 0,
      packages: false,
    },
    around: room.prefix === '' ? null : { dir: room.dir, top: room.top },
    masked: room.masked,
    leftOut: room.leftOut,
  }
  const { fingerprint, changes } = look.comparison
  const tree = restored.size === 0 ? fingerprint : sha256(canonicalJson([fingerprint, marksOf(restored)]))
  const content = empty.around === null ? tree : sha256(`${tree} ${context.newId()}`)
  const candidate = {
    dirs: [...copied.value.layers, empty.dir],
    files: new Set([...empty.files.files, ...copied.value.files]),
    digest: sha256(canonicalJson([content, run.activation.copied?.sha256 ?? null])),
    changed: changes.flatMap(({ path: file }) => (restored.has(file) ? [] : [file])),
  }
  const prepared = await prepareRoom(context, run, codex, empty, candidate, gates)
  if (prepared.kind !== 'ready') return prepared
  const whole = { ...empty, prepared: [...empty.prepared, ...prepared.layers] }
  return { kind: 'ready', tree: whole, content, baselines: baselines.value, letGo: prepared.letGo }
}

async function enter(
  context: Context,
  wanted: CleanRoom,
  look: WorkspaceLook,
  restored: StartFiles = new Map(),
): Promise<RoomAnswer> {
  const made = await makeRoom(context, wanted, look, restored)
  if (made.kind !== 'ready') return made
  const { run, codex, gates } = wanted
  const { tree: cold } = made
  const base = warmBase(
    context,
    run,
    made.baselines,
    cold.prepared.map((layer) => path.basename(layer)),
  )
  const { changes } = look.comparison
  const isWhole = cold.around === null
  const room = { dir: cold.dir, files: cold.files.files }
  const warm = isWhole ? findWarm(context, base, look.comparison, room) : null
  const tree = { ...cold, prepared: [...cold.prepared, ...(warm?.layers ?? [])] }
  const mayKeep = isWhole && warm === null && changes.length === 0 && restored.size === 0
  const top = realPath(run.activation.repoRoot)
  const seen = viewOf(top, tree)
  const key = { run, codex, tree: made.content, prepared: tree.prepared, vars: gates.vars, seen }
  return {
    kind: 'ready',
    room: {
      files: tree.files.files,
      has: hasIn(top, tree),
      text: (file) => {
        const read = readTextSafe(path.join(tree.dir, file), { maxBytes: MOST_TEXT })
        return read.ok ? read.value : null
      },
      layers: tree.prepared,
      withStart: (files) => enter(context, wanted, look, files),
      passKeys: (commands) => passKeys(context, key, commands),
      runGates: endedBy(
        gateRunner(run, {
          ...gates,
          ...(mayKeep ? { onKept: (results, layers) => keepWarm(context, base, run, results, layers) } : {}),
          place: 'clean-room',
          isKnownToPass: (name) => isKnownToPass(run, name),
          machine: () => roomMachine(context, run, codex, tree),
        }),
        () => {
          made.letGo()
          letGo(warm?.uses ?? [])
        },
      ),
    },
  }
}

/** What was put back, in an order of its own. */
function marksOf(restored: StartFiles): readonly (readonly [string, string])[] {
  return [...restored]
    .map(([file, was]) => [file, restoredMark(was)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** Whether there is anything at this path, relative to the root, in a room. */
export function hasIn(root: string, tree: LowerTree): (file: string) => boolean {
  const top = realPath(root)
  const seen = viewOf(top, tree)
  return (file) => fs.lstatSync(seen(path.join(top, file)), { throwIfNoEntry: false }) !== undefined
}

/** The layers are let go with the end of the gates above them. */
function endedBy(runGates: RunGates, end: () => void): RunGates {
  return async (commands, between) => {
    try {
      return await runGates(commands, between)
    } finally {
      end()
    }
  }
}

/** Above the tree, so that nothing that is there by now stands in the place of what was frozen. */
function copiesOf(
  { activation: { copied } }: GateGround,
  dir: string,
): Result<{ readonly layers: readonly string[]; readonly files: readonly string[] }> {
  if (copied === undefined) return ok({ layers: [], files: [] })
  const files = loadCopies(dir, copied.sha256)
  if (!files.ok) return files
  const layers = files.value.length === 0 ? [] : [copiedDirectory(dir, copied.sha256)]
  return ok({ layers, files: files.value.map((one) => one.path) })
}
