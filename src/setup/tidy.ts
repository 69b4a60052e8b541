import fs from 'node:fs'
import path from 'node:path'
import { isAlive } from '../base/process-id.ts'
import { readLive } from '../records/live.ts'
import type { Context } from '../records/context.ts'
import { readMachine } from '../records/machine.ts'
import { parseJson, isObject } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import { sweepOwned } from '../base/owned-directory.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { archiveClosed } from '../ledger/archive.ts'
import { namesIn } from '../base/names-in.ts'
import { homePaths, sessionPathsOfKey } from '../ledger/paths.ts'
import { planRooms } from './rooms/plan.ts'
import { removeRooms } from './rooms/remove.ts'
import { settleReleases } from './settle-releases.ts'
import { defaultSpoolRoot } from './shim.ts'
import { tidyLists, tidyRequests } from './tidy-lists.ts'
import { tidyLogs } from './tidy-logs.ts'

const hour = 3_600_000
const retentionMs = 24 * hour
const staleMs = 8 * hour
const liveMs = 7 * 24 * hour
/** A shim that was rendered for an older version may still be read by a shell that started a moment ago. */
const bundleMs = 24 * hour

export interface Tidied {
  /** Session ids whose provisional release became final, or whose run is open again. */
  readonly settled_releases: readonly string[]
  /** Session ids. */
  readonly archived_sessions: readonly string[]
  /** Nonce hashes. */
  readonly archived_requests: readonly string[]
  readonly live_records: readonly string[]
  readonly spools: readonly string[]
  readonly versions: readonly string[]
  /** Of gates, relative to the home: the oldest of more than a gibibyte. */
  readonly logs: readonly string[]
  /** Rooms, layers of prepare and copies of ignored files, relative to the home. */
  readonly rooms: readonly string[]
}

/**
 * Hygiene without anybody's wish: closed runs and unclaimed requests into the archive, traces of sessions that are gone
 * away. Never an open run, never a file that somebody else made; what cannot be removed stays.
 */
export async function tidy(context: Context): Promise<Tidied> {
  const { env, clock } = context
  const now = clock()
  const settled = await settleReleases(context, retentionMs)
  const archived = archiveClosed(env.home, { now, retentionMs, staleMs, person: false })
  sweepOwned(homePaths(env.home).layers)
  tidyLists(evidenceOptions(env).scratch, now)
  tidyRequests(homePaths(env.home), now)
  // First: afterwards nobody could tell whose they were.
  const spools = emptySpools(env.home, env.uid)
  return {
    settled_releases: settled,
    archived_sessions: archived.sessions,
    archived_requests: archived.requests,
    live_records: oldLiveRecords(env.home, now),
    spools,
    versions: oldVersions(env.home, now),
    logs: tidyLogs(env.home),
    // Last: what was archived needs no copies any more.
    rooms: removeRooms(env.home, planRooms(context)).map((one) => path.relative(env.home, one.path)),
  }
}

/** Records whose Codex has been gone for a week; a session with a run keeps its own. */
function oldLiveRecords(home: string, now: number): string[] {
  const { live } = homePaths(home)
  return namesIn(live).filter((name) => {
    const file = path.join(live, name)
    const stat = fs.lstatSync(file, { throwIfNoEntry: false })
    if (!stat || Math.abs(now - stat.mtimeMs) < liveMs) return false
    return !hasRun(home, name) && !isLive(home, file) && quietly(() => fs.unlinkSync(file))
  })
}

/** Open or in sight. Every handler leaves a directory; only a run leaves a ledger in it. */
function hasRun(home: string, key: string): boolean {
  const { ledger, marker } = sessionPathsOfKey(home, key)
  return fs.existsSync(ledger) || fs.existsSync(marker)
}

function isLive(home: string, file: string): boolean {
  const text = readTextSafe(file, { maxBytes: 16_000_000 })
  const json = text.ok ? parseJson(text.value, 'live record') : text
  const id = json.ok && isObject(json.value) ? json.value['sessionId'] : undefined
  const record = typeof id === 'string' ? readLive(home, id) : undefined
  return record?.codex ? isAlive(record.codex) : false
}

/** Of sessions that left neither a live Codex nor a run; rmdir takes empty ones only. */
function emptySpools(home: string, uid: number): string[] {
  const root = defaultSpoolRoot(uid)
  const { live } = homePaths(home)
  const stat = fs.lstatSync(root, { throwIfNoEntry: false })
  if (!stat?.isDirectory() || stat.uid !== uid) return []
  return namesIn(root).filter((name) => {
    if (hasRun(home, name)) return false
    const record = path.join(live, name)
    // Without a record of ours it may belong to another home.
    if (!fs.existsSync(record) || isLive(home, record)) return false
    return quietly(() => fs.rmdirSync(path.join(root, name)))
  })
}

/** Our programs of other versions, once no shim starts them any more. */
function oldVersions(home: string, now: number): string[] {
  const machine = readMachine(home)
  if (!machine.ok) return []
  const { bin } = homePaths(home)
  const shims = ['hook', 'autonomous-loop'].map((name) =>
    readTextSafe(path.join(bin, name), { maxBytes: 1_000_000 }),
  )
  if (!shims.every((shim) => shim.ok && shim.value.includes(`/${machine.value.version}/`))) return []
  return namesIn(bin).filter((name) => {
    if (!/^\d+\.\d+\.\d+/.test(name) || name === machine.value.version) return false
    const dir = path.join(bin, name)
    if (shims.some((shim) => shim.ok && shim.value.includes(`/${name}/`))) return false
    // Codex threads do not hold on to them: the shim's path is the same for all versions.
    if (Math.abs(now - machine.value.installedAt) < bundleMs) return false
    return fs.lstatSync(dir).isDirectory() && quietly(() => fs.rmSync(dir, { recursive: true }))
  })
}

function quietly(act: () => void): boolean {
  try {
    act()
    return true
  } catch {
    return false
  }
}
