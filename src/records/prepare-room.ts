import fs from 'node:fs'
import path from 'node:path'
import type { ProcessId } from '../base/process-id.ts'
import { namesIn } from '../base/names-in.ts'
import { makeOwned, removeOwned, sweepOwned } from '../base/owned-directory.ts'
import { type Failure, fail } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { layerBytes, prepareCommand } from '../contract/prepare.ts'
import type { PrepareStep } from '../contract/types.ts'
import { repoHash } from '../evidence/repo-root.ts'
import { resolveCommand } from '../gates/resolve.ts'
import { GateRow } from '../gates/row.ts'
import type { GateResult } from '../gates/types.ts'
import { type GateRunnerParts, gateStarter } from '../judging/gate-runner.ts'
import { homePaths } from '../ledger/paths.ts'
import type { RunState } from '../ledger/state.ts'
import { type PreparedFor, layerDigests } from '../workspace/room/layer-digest.ts'
import type { Context } from './context.ts'
import { roomMachine } from './gate-machine.ts'
import type { LowerTree } from './sealing.ts'

export type Prepared =
  | { readonly kind: 'ready'; readonly layers: readonly string[] }
  | { readonly kind: 'unprepared'; readonly result: GateResult }
  | { readonly kind: 'refused'; readonly why: Failure }

/** Of each step; those unused for longest go, but none that another session may have below its gates. */
const MOST_LAYERS = 3
const IN_USE_MS = 2 * 3600_000

/**
 * What `prepare` makes above this tree: a layer per step, made once for all trees that are the same to the step, kept in the
 * home and never written again.
 */
export async function prepareRoom(
  context: Context,
  run: RunState,
  codex: ProcessId | null,
  tree: LowerTree,
  candidate: PreparedFor,
  parts: Omit<GateRunnerParts, 'machine'>,
): Promise<Prepared> {
  const { config, repoRoot, gatePath } = run.activation
  const steps = config?.prepare ?? []
  if (config === null || steps.length === 0) return { kind: 'ready', layers: [] }
  const all = path.join(homePaths(context.env.home).prepared, repoHash(repoRoot))
  const tools = steps.map((step) => toolOf(step, repoRoot, gatePath))
  const layers: string[] = []
  try {
    for (const [at, digest] of layerDigests(candidate, steps, tools).entries()) {
      const place = path.join(all, digest)
      if (fs.existsSync(place)) touch(place)
      else {
        const made = await makeLayer(steps[at]!, at, place)
        if (made !== null) return { kind: 'unprepared', result: made }
      }
      layers.push(place)
    }
  } catch (error) {
    const why = fail('room-disk', `what was prepared could not be kept in ${all}: ${systemWords(error)}`, {
      fix: `df ${all}`,
    })
    return { kind: 'refused', why: why.error }
  }
  prune(all, MOST_LAYERS * steps.length)
  return { kind: 'ready', layers }

  /** Null once it is at its place; else the step that did not pass. */
  async function makeLayer(step: PrepareStep, at: number, place: string): Promise<GateResult | null> {
    const machine = () => roomMachine(context, run, codex, { ...tree, prepared: layers }, layerBytes(config!))
    const row = new GateRow()
    try {
      const command = { ...prepareCommand(step, at), keeps: ['**'] }
      const result = await gateStarter(run, { ...parts, machine })(command, '', row)
      if (result.outcome.kind !== 'passed') return result
      keep(all, place, row.own.at(-1))
      return null
    } finally {
      row.end()
    }
  }
}

/** What a step is run by, so that another version of it makes a layer of its own. */
function toolOf(step: PrepareStep, root: string, gatePath: string): string {
  const found = resolveCommand({ argv: step.argv, cwd: '.' }, root, gatePath)
  if (!found.ok) return 'none'
  try {
    const file = fs.realpathSync(path.resolve(root, found.value.argv[0] ?? ''))
    const { size, ctimeMs } = fs.statSync(file)
    return `${file} ${size} ${ctimeMs} ${process.arch}`
  } catch {
    return 'none'
  }
}

/** Moves what a step wrote to its place. */
function keep(all: string, place: string, written: string | undefined): void {
  const making = path.join(all, 'making')
  sweepOwned(making)
  const own = makeOwned(making)
  // Nothing was written, which is known from now on all the same.
  const layer = written ?? own
  try {
    fs.renameSync(layer, place)
  } catch (error) {
    // Another session may have made the same meanwhile.
    if (!fs.existsSync(place)) throw error
  } finally {
    if (fs.existsSync(own)) removeOwned(own)
  }
}

function touch(place: string): void {
  const now = new Date()
  fs.utimesSync(place, now, now)
}

function prune(all: string, most: number): void {
  const byUse = namesIn(all)
    .filter((name) => name !== 'making')
    .map((name) => ({ name, used: fs.statSync(path.join(all, name)).mtimeMs }))
    .sort((a, b) => b.used - a.used)
  for (const { name, used } of byUse.slice(most))
    if (used < Date.now() - IN_USE_MS) removeOwned(path.join(all, name))
}
