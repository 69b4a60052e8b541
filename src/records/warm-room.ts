import fs from 'node:fs'
import path from 'node:path'
import { type Sha256, canonicalJson, sha256 } from '../base/hash.ts'
import { namesIn } from '../base/names-in.ts'
import { isObject, parseJson } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import { writeFileWhole } from '../base/write-file.ts'
import { layerBytes } from '../contract/prepare.ts'
import { repoHash } from '../evidence/repo-root.ts'
import { fsPath } from '../evidence/path-text.ts'
import type { Baseline, Comparison } from '../evidence/types.ts'
import { walkFiles } from '../evidence/walk.ts'
import type { GateResult } from '../gates/types.ts'
import { homePaths } from '../ledger/paths.ts'
import type { RunState } from '../ledger/state.ts'
import { mayBeWarm } from '../workspace/room/warm-use.ts'
import type { Context } from './context.ts'
import { type Use, keepLayer, layerPlace, letGo, pruneLayers, takeLayer } from './layer-store.ts'
import { runtimesOf } from './tool-of.ts'

/** Of a repository; those unused for longest go. */
const MOST_LAYERS = 12
/** A list of more files is not worth its time. */
const MOST_FILES = 200_000

/** Warm layers of one base, above one thing that was prepared. */
export interface WarmBase {
  readonly dir: string
  readonly digest: Sha256
}

export interface Warm {
  /** The latest last. */
  readonly layers: readonly string[]
  readonly uses: readonly Use[]
}

/** Where the warm layers of a repository lie. */
export function warmPlace(home: string, repoRoot: string): string {
  return path.join(homePaths(home).warm, repoHash(repoRoot))
}

/**
 * Where what gates wrote lies that passed on this start: the same for every run of the same base, gates, prepared layers and
 * runtimes. `prepared`: names of layers.
 */
export function warmBase(
  { env }: Context,
  { activation }: RunState,
  baselines: readonly Baseline[],
  prepared: readonly string[],
): WarmBase {
  const { repoRoot, config, steps = {}, gatePath } = activation
  const start = baselines.map((one) => [
    one.kind === 'git' ? one.commit : null,
    one.entries.map(([file, kind, hash]) => [file, kind, hash]),
  ])
  const gates = [config?.commands ?? {}, config?.gateProfiles ?? {}, steps] as unknown
  return {
    dir: warmPlace(env.home, repoRoot),
    digest: sha256(canonicalJson([start, gates, prepared, runtimesOf(gatePath)])),
  }
}

/**
 * The warm layers for a candidate whose room this is, in use; null where there are none that may lie above it. Files of the candidate
 * are made younger than them.
 */
export function findWarm(
  { clock }: Context,
  base: WarmBase,
  { changes }: Pick<Comparison, 'changes'>,
  room: { readonly dir: string; readonly files: ReadonlySet<string> },
): Warm | null {
  const list = readList(base)
  if (list === null || list.at > clock() || !mayBeWarm({ changes, files: room.files }, list.files))
    return null
  const uses: Use[] = []
  for (const part of list.parts) {
    const taken = takeLayer(base.dir, part, clock())
    if (!taken.ok || taken.value === null) {
      letGo(uses)
      return null
    }
    uses.push(taken.value)
  }
  for (const { path: file } of changes) makeYounger(fsPath(room.dir, file), list.at)
  return { layers: list.parts.map((part) => layerPlace(base.dir, part)), uses }
}

/** Keeps what gates wrote on the start, if all passed. `layers`: the latest last. */
export function keepWarm(
  { clock }: Context,
  base: WarmBase,
  { activation }: RunState,
  results: readonly GateResult[],
  layers: readonly string[],
): void {
  const { dir } = base
  const isProven = results.every(({ outcome }) => outcome.kind === 'passed')
  if (!isProven || layers.length === 0 || readList(base) !== null) return
  const files = new Set<string>()
  for (const layer of layers)
    for (const file of walkFiles(layer, '', () => true)) if (files.add(file).size > MOST_FILES) return
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    const argv = results.map(({ name }) => name)
    const parts = layers.map((layer, at) => {
      const part = sha256(`${base.digest} ${at}`)
      keepLayer(dir, part, layer, { at: clock(), root: activation.repoRoot, argv })
      return part
    })
    // Last: without it nobody takes them.
    const list: WarmList = { at: clock(), parts, files: [...files] }
    writeFileWhole(listOf(base), JSON.stringify(list))
    const most = activation.config === null ? 0 : layerBytes(activation.config)
    pruneLayers(dir, ({ bytes }, nth) => nth >= MOST_LAYERS || bytes > most)
    for (const name of namesIn(dir)) if (name.endsWith(LIST)) dropEmpty(dir, name)
  } catch {
    // A disk that is full makes later gates slower, and nothing else.
  }
}

interface WarmList {
  /** When all of it was there, milliseconds. */
  readonly at: number
  readonly parts: readonly Sha256[]
  /** Of all parts. */
  readonly files: readonly string[]
}

const LIST = '.warm.json'
const listOf = ({ dir, digest }: WarmBase): string => path.join(dir, `${digest}${LIST}`)

function readList(base: WarmBase): WarmList | null {
  const text = readTextSafe(listOf(base), { maxBytes: 1 << 28 })
  const json = text.ok ? parseJson(text.value, 'warm layers') : text
  if (!json.ok || !isObject(json.value)) return null
  const { at, parts, files } = json.value
  return typeof at === 'number' && areTexts(parts) && areTexts(files)
    ? { at, parts: parts as readonly Sha256[], files }
    : null
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

/** A list of which a part went. */
function dropEmpty(dir: string, name: string): void {
  const list = readList({ dir, digest: name.slice(0, -LIST.length) as Sha256 })
  if (list === null || list.parts.some((part) => !fs.existsSync(layerPlace(dir, part))))
    fs.rmSync(path.join(dir, name), { force: true })
}

function makeYounger(file: string | Buffer, ms: number): void {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false })
  if (stat === undefined || stat.mtimeMs > ms) return
  const now = Date.now() / 1000
  fs.lutimesSync(file, now, now)
}
