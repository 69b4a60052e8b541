import path from 'node:path'
import type { ProcessId } from '../base/process-id.ts'
import { type Failure, type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { layerBytes, prepareCommand } from '../contract/prepare.ts'
import type { PrepareStep } from '../contract/types.ts'
import { repoHash } from '../evidence/repo-root.ts'
import { GateRow } from '../gates/row.ts'
import type { GateResult } from '../gates/types.ts'
import type { GateGround } from '../judging/gate-ground.ts'
import { type GateRunnerParts, gateStarter } from '../judging/gate-runner.ts'
import type { Doing, Watch } from '../judging/watch.ts'
import { withLock } from '../ledger/lock.ts'
import { homePaths } from '../ledger/paths.ts'
import { type LayerName, type PreparedFor, layerNames, restsOn } from '../workspace/room/layer-digest.ts'
import type { Context } from './context.ts'
import { roomMachine } from './gate-machine.ts'
import {
  type Use,
  aboutLayer,
  keepLayer,
  layerPlace,
  letGo,
  makingLock,
  pruneLayers,
  takeLayer,
} from './layer-store.ts'
import type { LowerTree } from './sealing.ts'
import { runtimesOf, toolOf } from './tool-of.ts'

export type Prepared =
  /** `letGo`: they may be removed again. */
  | { readonly kind: 'ready'; readonly layers: readonly string[]; readonly letGo: () => void }
  /** `readsWork`: what differs from the start may be why. */
  | { readonly kind: 'unprepared'; readonly result: GateResult; readonly readsWork: boolean }
  | { readonly kind: 'refused'; readonly why: Failure }

/** Of each step; those unused for longest go, but none that another session has below its gates. */
const MOST_LAYERS = 3
/** Another session that makes the same layer is waited for, as long as it lives and the stop does. */
const PATIENCE_MS = 24 * 3600_000
/** A longer wait is said. */
const UNSAID_MS = 5000

/** Where the layers of a repository lie. */
export function preparedPlace(home: string, repoRoot: string): string {
  return path.join(homePaths(home).prepared, repoHash(repoRoot))
}

/**
 * What `prepare` makes above this tree: a layer per step, made once for all trees that are the same to the step, kept in the
 * home and never written again.
 */
export async function prepareRoom(
  context: Context,
  run: GateGround,
  codex: ProcessId | null,
  tree: LowerTree,
  /** `changed`: what differs from the start. */
  candidate: PreparedFor & { readonly changed: readonly string[] },
  parts: Omit<GateRunnerParts, 'machine'>,
): Promise<Prepared> {
  const { config, repoRoot, gatePath } = run.activation
  const steps = config?.prepare ?? []
  if (config === null || steps.length === 0) return { kind: 'ready', layers: [], letGo: () => {} }
  const all = preparedPlace(context.env.home, repoRoot)
  const runtimes = runtimesOf(gatePath)
  const tools = steps.map(
    (step) => `${toolOf({ argv: step.argv, cwd: '.' }, repoRoot, gatePath)} ${runtimes}`,
  )
  let names: readonly LayerName[] = []
  const layers: string[] = []
  const uses: Use[] = []
  let left = layerBytes(config)
  try {
    names = layerNames(candidate, steps, tools)
    for (const [at, name] of names.entries()) {
      const made = await layerOf(steps[at]!, at, name)
      if (!made.ok) return refused(made.error)
      if (made.value !== null)
        return unprepared(made.value, restsOn(names.slice(0, at + 1), candidate.changed))
      layers.push(layerPlace(all, name.digest))
      left -= aboutLayer(all, name.digest)?.bytes ?? 0
    }
  } catch (error) {
    const why = fail('room-disk', `what was prepared could not be kept in ${all}: ${systemWords(error)}`, {
      fix: `df ${all}`,
    })
    return refused(why.error)
  }
  pruneLayers(all, (_layer, nth) => nth >= MOST_LAYERS * steps.length)
  return { kind: 'ready', layers, letGo: () => letGo(uses) }

  function refused(why: Failure): Prepared {
    letGo(uses)
    return { kind: 'refused', why }
  }

  function unprepared(result: GateResult, readsWork: boolean): Prepared {
    letGo(uses)
    return { kind: 'unprepared', result, readsWork }
  }

  /** False: it is not there. */
  function take(digest: LayerName['digest']): Result<boolean> {
    const taken = takeLayer(all, digest, context.clock())
    if (taken.ok && taken.value !== null) uses.push(taken.value)
    return taken.ok ? ok(taken.value !== null) : taken
  }

  /** Null once it is at its place and in use by this process; else the step that did not pass. */
  async function layerOf(
    step: PrepareStep,
    at: number,
    { digest }: LayerName,
  ): Promise<Result<GateResult | null>> {
    const there = take(digest)
    if (!there.ok || there.value) return there.ok ? ok(null) : there
    const doing: Doing = {
      kind: 'other-session',
      name: prepareCommand(step, at).name,
      nth: at + 1,
      of: steps.length,
    }
    const waiting = saidAfter(UNSAID_MS, doing, parts.watch)
    try {
      return await withLock(
        makingLock(all, digest),
        { waitMs: PATIENCE_MS, signal: parts.abort, onWait: waiting.begin },
        async () => {
          waiting.end()
          const now = take(digest)
          if (!now.ok || now.value) return now.ok ? ok(null) : now
          const failed = await makeLayer(step, at, digest)
          if (failed !== null) return ok(failed)
          const taken = take(digest)
          if (!taken.ok) return taken
          return taken.value ? ok(null) : fail('room-disk', `what was prepared in ${all} was removed at once`)
        },
      )
    } finally {
      waiting.end()
    }
  }

  /** Null once it is at its place; else the step that did not pass. */
  async function makeLayer(
    step: PrepareStep,
    at: number,
    digest: LayerName['digest'],
  ): Promise<GateResult | null> {
    const caches = {
      ...tree.caches,
      stays: !restsOn(names.slice(0, at + 1), candidate.changed),
      packages: true,
    }
    const below = { ...tree, caches, prepared: [...tree.prepared, ...layers] }
    const machine = () => roomMachine(context, run, codex, below, writing)
    const writing = { mostBytes: Math.max(left, 1), readsTree: names[at]?.inputs == null }
    const row = new GateRow()
    try {
      const command = { ...prepareCommand(step, at), keeps: ['**'] }
      const doing: Doing = { kind: 'prepare', name: command.name, nth: at + 1, of: steps.length }
      parts.watch?.began(doing)
      const result = await gateStarter(run, { ...parts, machine })(command, '', row)
      parts.watch?.ended(doing)
      if (result.outcome.kind !== 'passed') return result
      const about = { at: context.clock(), root: repoRoot, argv: step.argv }
      keepLayer(all, digest, row.own.at(-1), about)
      return null
    } finally {
      row.end()
    }
  }
}

/** Shows that something goes on once it has gone on for so long. */
function saidAfter(
  ms: number,
  doing: Doing,
  watch: Watch | undefined,
): { readonly begin: () => void; readonly end: () => void } {
  let timer: NodeJS.Timeout | undefined
  let isSaid = false
  return {
    begin: () => {
      timer ??= setTimeout(() => {
        isSaid = true
        watch?.began(doing)
      }, ms)
    },
    end: () => {
      clearTimeout(timer)
      if (isSaid) watch?.ended(doing)
      isSaid = false
    },
  }
}
