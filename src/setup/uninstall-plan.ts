import fs from 'node:fs'
import path from 'node:path'
import { sha256 } from '../base/hash.ts'
import { readFileSafe, readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { isWithin } from '../base/within.ts'
import { type OurGroup, removeHooks } from '../codex/hooks-file/json.ts'
import type { Removed } from '../codex/hooks-file/removal.ts'
import type { Context } from '../records/context.ts'
import { readMachine } from '../records/machine.ts'
import { homePaths } from '../ledger/paths.ts'
import { type ClaudeRemoval, planRemoval } from './claude/uninstall.ts'
import { skillDirectory } from './files.ts'
import { defaultStopTimeoutSeconds, installedRecord, ourGroups } from './groups.ts'
import { askerMay, refuseOpenRuns } from './open-runs.ts'
import { defaultSpoolRoot, shimPath } from './shim.ts'

export interface UninstallOptions {
  /** Also while runs are open. */
  readonly force: boolean
  /** Also ledgers, approvals and everything else we know. */
  readonly purge: boolean
  readonly dryRun: boolean
}

export interface UninstallPlan {
  readonly home: string
  readonly hooksFile: string
  readonly hooksBefore: string | null
  readonly removed: Removed | null
  readonly groups: readonly OurGroup[]
  /** Files of ours outside the home, unchanged since we wrote them. */
  readonly files: readonly string[]
  /** Ours once, changed since: they stay. */
  readonly kept: readonly string[]
  /** Paths in (and, with purge, of) the home. */
  readonly trees: readonly string[]
  readonly skillDir: string
  /** Claude Code's settings with our hooks taken out; null where bootstrap put nothing there. */
  readonly claude: ClaudeRemoval | null
  /** The plan tool's setting in config.toml came from bootstrap. */
  readonly planTool: boolean
}

/** Looks only. A hooks.json that cannot be parsed stops it all: nobody could say what of it is ours. */
export function planUninstall(options: UninstallOptions, context: Context): Result<UninstallPlan> {
  const { env } = context
  const allowed = askerMay(context, 'uninstall', true)
  if (!allowed.ok) return allowed
  const open = options.force ? ok(true) : refuseOpenRuns(context, 'uninstall')
  if (!open.ok) return open
  const read = readMachine(env.home)
  const machine = read.ok ? read.value : null
  const hooksFile = path.join(env.codexHome, 'hooks.json')
  const text = readTextSafe(hooksFile, { maxBytes: 8_000_000, follow: true })
  if (!text.ok && text.error.code !== 'missing')
    return fail('hooks-json-unreadable', text.error.message, { fix: `look at ${hooksFile}` })
  const removed = text.ok ? removeHooks(text.value, installedRecord(machine?.hooksInstalled)) : null
  if (removed && !removed.ok) return removed

  const claude = planRemoval(machine)
  if (!claude.ok) return claude
  const skillDir = skillDirectory(env.codexHome)
  // Whatever the record says: nothing but the skill is ours outside the home.
  const written = Object.entries(machine?.files ?? {}).filter(([file]) =>
    isWithin(path.resolve(file), skillDir),
  )
  const unchanged = written.filter(([file, hash]) => {
    const present = readFileSafe(file, { maxBytes: 16_000_000 })
    return present.ok && sha256(present.value) === hash
  })
  const files = unchanged.map(([file]) => file)
  const {
    machine: record,
    bin,
    sandboxHome,
    layers,
    rooms,
    prepared,
    warm,
    caches,
    live,
  } = homePaths(env.home)
  const inBin = list(bin).map((name) => path.join(bin, name))
  // The stub answers threads that still run. Purged, those see a hook that fails, and go on.
  const stays = new Set(options.purge ? [] : [shimPath(env.home), bin])
  // Only spools of sessions this home knows: beside them lie those of the same person's other homes.
  const spools = list(live).map((name) => path.join(defaultSpoolRoot(env.uid), name))
  const trees = options.purge
    ? [...inBin, ...list(env.home).map((name) => path.join(env.home, name)), env.home, ...spools]
    : [record, sandboxHome, layers, rooms, prepared, warm, caches, ...inBin]
  return ok({
    home: env.home,
    hooksFile,
    hooksBefore: text.ok ? text.value : null,
    removed: removed?.value ?? null,
    groups: ourGroups(env.home, machine?.stopTimeoutSeconds ?? defaultStopTimeoutSeconds),
    files,
    kept: written.map(([file]) => file).filter((file) => !files.includes(file) && fs.existsSync(file)),
    trees: trees.filter((tree) => !stays.has(tree) && fs.existsSync(tree)),
    skillDir,
    claude: claude.value,
    planTool: machine?.planTool === true,
  })
}

function list(dir: string): string[] {
  return fs.existsSync(dir) ? fs.readdirSync(dir).sort() : []
}
