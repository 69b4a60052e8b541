import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Sha256 } from '../base/hash.ts'
import { isObject, parseJson } from '../base/json.ts'
import { namesIn } from '../base/names-in.ts'
import { makeOwned, removeOwned, sweepOwned } from '../base/owned-directory.ts'
import { isAlive, self } from '../base/process-id.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, ok } from '../base/result.ts'
import { writeFileWhole } from '../base/write-file.ts'
import { withLockSync } from '../ledger/lock.ts'

/*
 * Layers that were made once and are never written again, of one repository:
 *
 *   <digest>/                     what a step wrote; there as a whole, or not at all
 *   <digest>.json                 what is known of it (LayerAbout)
 *   uses/<digest>.<pid>-<start>-… a process has it below a gate; counts while that process lives
 *   making/                       what is on its way in, or out
 *   lock/, locks/<digest>/        around the look whether one is there; around making one
 */

export interface LayerAbout {
  readonly bytes: number
  /** When it was made, milliseconds. */
  readonly at: number
  /** The repository, for people. */
  readonly root: string
  /** The step that made it. */
  readonly argv: readonly string[]
}

const LOCK = { waitMs: 20_000 }
const DIGEST = /^[0-9a-f]{64}$/
/** A power cut so soon after loses what the kernel had not written yet. Milliseconds. */
const UNWRITTEN_MS = 60_000

const lockOf = (dir: string): string => path.join(dir, 'lock')
const usesOf = (dir: string): string => path.join(dir, 'uses')
const makingOf = (dir: string): string => path.join(dir, 'making')
export const makingLock = (dir: string, digest: Sha256): string => path.join(dir, 'locks', digest)
export const layerPlace = (dir: string, digest: Sha256): string => path.join(dir, digest)

/** That this process has a layer below a gate: a file. */
export type Use = string

/** Takes a layer into use until `letGo` or this process ends; null where it is not there. Codes: lock-busy, lock-io. */
export function takeLayer(dir: string, digest: Sha256, now: number): Result<Use | null> {
  return withLockSync(lockOf(dir), LOCK, () => {
    const place = layerPlace(dir, digest)
    if (!fs.existsSync(place)) return ok(null)
    const about = aboutLayer(dir, digest)
    if (about === null || isUnwritten(about.at, now)) {
      throwAway(dir, digest)
      return ok(null)
    }
    const { pid, start } = self()
    const use = path.join(usesOf(dir), `${digest}.${pid}-${start}-${randomBytes(6).toString('hex')}`)
    fs.mkdirSync(usesOf(dir), { recursive: true, mode: 0o700 })
    fs.writeFileSync(use, '', { mode: 0o600 })
    fs.utimesSync(place, now / 1000, now / 1000)
    return ok(use)
  })
}

export function letGo(uses: readonly Use[]): void {
  for (const use of uses) fs.rmSync(use, { force: true })
}

/** Makes what a step wrote a layer. `written`: a directory on the same file system; undefined: it wrote nothing. Throws what the file system says. */
export function keepLayer(
  dir: string,
  digest: Sha256,
  written: string | undefined,
  about: Omit<LayerAbout, 'bytes'>,
): void {
  const making = makeOwned(makingOf(dir))
  try {
    const layer = written ?? path.join(making, 'layer')
    fs.mkdirSync(layer, { recursive: true, mode: 0o755 })
    const bytes = settle(layer)
    writeFileWhole(path.join(dir, `${digest}.json`), JSON.stringify({ ...about, bytes }))
    fs.renameSync(layer, layerPlace(dir, digest))
  } finally {
    removeOwned(making)
  }
}

/** Its bytes, with hard links once. Nothing in it runs as somebody else. */
function settle(layer: string): number {
  const counted = new Set<number>()
  let bytes = 0
  const queue = [Buffer.from(layer)]
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const stat = fs.lstatSync(at)
    if (!counted.has(stat.ino)) bytes += stat.blocks * 512
    counted.add(stat.ino)
    if ((stat.isFile() || stat.isDirectory()) && (stat.mode & 0o6000) !== 0)
      fs.chmodSync(at, stat.mode & 0o1777)
    if (!stat.isDirectory()) continue
    for (const name of fs.readdirSync(at, { encoding: 'buffer' }))
      queue.push(Buffer.concat([at, Buffer.from('/'), name]))
  }
  return bytes
}

/** Null for what was not made whole. */
export function aboutLayer(dir: string, digest: string): LayerAbout | null {
  const text = readTextSafe(path.join(dir, `${digest}.json`), { maxBytes: 1 << 20 })
  const json = text.ok ? parseJson(text.value, 'layer') : text
  if (!json.ok || !isObject(json.value)) return null
  const { bytes, at, root, argv } = json.value
  return typeof bytes === 'number' &&
    typeof at === 'number' &&
    typeof root === 'string' &&
    Array.isArray(argv)
    ? { bytes, at, root, argv: argv.map(String) }
    : null
}

function isUnwritten(at: number, now: number): boolean {
  const booted = now - os.uptime() * 1000
  return at < booted && booted - at < UNWRITTEN_MS
}

export interface KeptLayer extends LayerAbout {
  readonly digest: Sha256
  /** Milliseconds. */
  readonly usedAt: number
  readonly inUse: boolean
}

/** The layers of a repository, the one used last first. */
export function layersIn(dir: string): KeptLayer[] {
  const used = new Set(liveUses(dir))
  return namesIn(dir)
    .filter((name): name is Sha256 => DIGEST.test(name))
    .map((digest) => ({
      ...(aboutLayer(dir, digest) ?? { bytes: 0, at: 0, root: '', argv: [] }),
      digest,
      usedAt: fs.lstatSync(layerPlace(dir, digest), { throwIfNoEntry: false })?.mtimeMs ?? 0,
      inUse: used.has(digest),
    }))
    .sort((a, b) => b.usedAt - a.usedAt)
}

/** Digests that a living process uses. */
function liveUses(dir: string): string[] {
  return namesIn(usesOf(dir)).flatMap((name) => (isLive(name) ? [name.slice(0, name.indexOf('.'))] : []))
}

function isLive(use: string): boolean {
  const [pid = '', start = ''] = use.slice(use.indexOf('.') + 1).split('-')
  return isAlive({ pid: Number(pid), start })
}

/**
 * Removes layers that nobody uses and `isOver` names, of those that are left after the ones used last. Gives what went. Sweeps what
 * processes left that were killed. Codes: lock-busy, lock-io.
 */
export function pruneLayers(
  dir: string,
  isOver: (layer: KeptLayer, nth: number) => boolean,
): Result<readonly KeptLayer[]> {
  const pruned = withLockSync(lockOf(dir), LOCK, () => {
    const over = layersIn(dir).filter((layer, nth) => !layer.inUse && isOver(layer, nth))
    for (const { digest } of over) throwAway(dir, digest)
    for (const use of namesIn(usesOf(dir)))
      if (!isLive(use)) fs.rmSync(path.join(usesOf(dir), use), { force: true })
    return ok(over)
  })
  sweepOwned(makingOf(dir))
  return pruned
}

/** Out of its place at once, whatever the rest takes. */
function throwAway(dir: string, digest: string): void {
  const own = makeOwned(makingOf(dir))
  try {
    fs.renameSync(path.join(dir, digest), path.join(own, 'layer'))
  } finally {
    fs.rmSync(path.join(dir, `${digest}.json`), { force: true })
    fs.rmSync(path.join(dir, 'locks', digest), { recursive: true, force: true })
    removeOwned(own)
  }
}
