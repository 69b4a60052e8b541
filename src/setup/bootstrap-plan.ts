import fs from 'node:fs'
import path from 'node:path'
import { sha256 } from '../base/hash.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { type Codex, findCodex, workspaceOf } from '../codex/find-codex.ts'
import { withoutLegacy } from '../codex/hooks-file/legacy.ts'
import {
  type InstalledHooks,
  type Merged,
  type OurGroup,
  mergeHooks,
  removeHooks,
} from '../codex/hooks-file/json.ts'
import type { Context } from '../records/context.ts'
import { type Machine, readMachine } from '../records/machine.ts'
import { isWritable } from '../ledger/home.ts'
import { type Assets, reinstall } from './assets.ts'
import { type PlannedFile, nodePtyDirectory, planHomeFiles, planSkill } from './files.ts'
import {
  defaultStopTimeoutSeconds,
  installedRecord,
  ourGroups,
  smallestStopTimeoutSeconds,
} from './groups.ts'
import { managedGroups, systemPlaces } from './managed/places.ts'
import { askerMay } from './open-runs.ts'
import { checkPlaces, stableNode } from '../records/places.ts'
import { type Original, findOriginal, originalNotes } from './original.ts'

export interface PlanOptions {
  readonly assets: Assets
  readonly force: boolean
  /** A person agreed to what is written: hooks, skill and state of the original autonomous-loop are taken over. */
  readonly takeOver?: boolean
  /** Codex runs managed hooks of ours on this machine: hooks.json needs none, and ours are taken out of it. */
  readonly managed?: boolean
  /** null: as before, or the default. */
  readonly stopTimeoutSeconds: number | null
  /** `process.execPath`. */
  readonly node: string
  readonly platform: NodeJS.Platform
}

/** Everything that bootstrap will do, looked at and decided; nothing is written yet. */
export interface BootstrapPlan {
  readonly home: string
  readonly codexHome: string
  readonly codex: Codex
  readonly files: readonly PlannedFile[]
  readonly hooksFile: string
  /** hooks.json when it was looked at; null: there was none. */
  readonly hooksBefore: string | null
  readonly merged: Merged
  readonly groups: readonly OurGroup[]
  /** machine.json, without Codex's word on the hooks. */
  readonly machine: Machine
  /** What of the original is archived first; null when there is nothing, or nobody agreed to it. */
  readonly takenOver: { readonly original: Original | null; readonly at: number } | null
  /** What a person should know. */
  readonly notes: readonly string[]
}

/**
 * Source: the home, CODEX_HOME, `codex --version`. Codes: platform-unsupported, person-only, stop-timeout, those of
 * checkPlaces, findCodex and mergeHooks, home-unwritable, hooks-json-unreadable.
 */
export function planBootstrap(options: PlanOptions, context: Context): Result<BootstrapPlan> {
  const { env } = context
  const begun = beginPlan(options, context)
  if (!begun.ok) return begun
  const { node, before } = begun.value
  const old = before.ok ? before.value : null
  const codex = findCodex(env)
  if (!codex.ok) return codex

  const hooksFile = path.join(env.codexHome, 'hooks.json')
  const text = readHooksJson(hooksFile)
  if (!text.ok) return text
  const stopTimeoutSeconds =
    options.stopTimeoutSeconds ?? old?.stopTimeoutSeconds ?? defaultStopTimeoutSeconds
  const managed = options.managed === true
  const groups = managed ? managedGroups(systemPlaces) : ourGroups(env.home, stopTimeoutSeconds)
  const original = findOriginal(env.home)
  const cleaned = options.takeOver === true && text.value !== null ? withoutLegacy(text.value) : null
  if (cleaned && !cleaned.ok) return cleaned
  const taken = cleaned?.value.taken ?? []
  const record = installedRecord(old?.hooksInstalled)
  const present = cleaned ? cleaned.value.text : text.value
  const mergedText = managed ? withoutOurs(present, record) : mergeHooks(present, groups, record)
  if (!mergedText.ok) return mergedText
  const merged = ok({ ...mergedText.value, changed: mergedText.value.changed || taken.length > 0 })
  if (!isWritable(env.home))
    return fail('home-unwritable', `${env.home} cannot be written from here`, {
      fix: 'a person runs in a terminal, outside of Codex: autonomous-loop bootstrap',
    })

  const { assets } = options
  const shim = { node, home: env.home, codexHome: env.codexHome, version: assets.version, uid: env.uid }
  const planned = readAssets(() => ({
    homeFiles: planHomeFiles(assets, shim),
    skill: planSkill(
      assets,
      env,
      old?.files ?? {},
      options.force || (options.takeOver === true && original !== null),
    ),
  }))
  if (!planned.ok) return planned
  const { homeFiles, skill } = planned.value
  const ours = skill.filter((file) => file.action !== 'kept')
  return ok({
    home: env.home,
    codexHome: env.codexHome,
    codex: codex.value,
    files: [...homeFiles, ...skill],
    hooksFile,
    hooksBefore: text.value,
    merged: merged.value,
    groups,
    machine: {
      v: 1,
      version: assets.version,
      installedAt: context.clock(),
      node,
      codexHome: env.codexHome,
      codex: codex.value,
      stopTimeoutSeconds,
      nodePty: assets.nodePty === null ? null : nodePtyDirectory(env.home, assets.version),
      hooks: groups.map(({ event, command }) => ({ event, command, trust: null })),
      hooksInstalled: merged.value.installed,
      ...(old?.planTool === true ? { planTool: true } : {}),
      ...(old?.claude === undefined ? {} : { claude: old.claude }),
      files: Object.fromEntries(ours.map((file) => [file.path, sha256(file.content)])),
    },
    takenOver:
      options.takeOver === true && (original !== null || taken.length > 0)
        ? { original, at: context.clock() }
        : null,
    notes: [
      ...notesOf(
        skill,
        merged.value,
        !before.ok && before.error.code === 'machine-unreadable' && !original?.machine,
      ),
      ...(options.takeOver === true
        ? originalNotes(original, taken)
        : original
          ? ['the original autonomous-loop left its state here: bootstrap --trust takes it over']
          : []),
    ],
  })
}

/** An empty text: the file held nothing else and goes. */
function withoutOurs(text: string | null, record: InstalledHooks | null): Result<Merged> {
  const removed = text === null ? null : removeHooks(text, record)
  if (removed && !removed.ok) return removed
  const installed = { originalSha256: null, pieces: [], merged: null, created: [] }
  return ok({
    text: removed?.value.text ?? '',
    changed: removed?.value.changed ?? false,
    installed,
    legacy: [],
  })
}

/**
 * What every plan begins with: the node that hooks are to start, and machine.json as it was. Codes:
 * platform-unsupported, person-only, stop-timeout, those of checkPlaces.
 */
export function beginPlan(
  options: PlanOptions,
  context: Context,
): Result<{ readonly node: string; readonly before: Result<Machine> }> {
  const allowed = mayBegin(options, context)
  if (!allowed.ok) return allowed
  const { env } = context
  const node = stableNode(options.node)
  const places = checkPlaces(env, node, workspaceOf(env.cwd))
  if (!places.ok) return places
  return ok({ node, before: readMachine(env.home) })
}

function mayBegin(options: PlanOptions, context: Context): Result<true> {
  if (options.platform === 'win32')
    return fail('platform-unsupported', 'Windows is not supported; inside WSL 2 everything works', {
      fix: 'wsl --install, then install Codex and autonomous-loop inside WSL',
    })
  const seconds = options.stopTimeoutSeconds
  if (seconds !== null && (!Number.isInteger(seconds) || seconds < smallestStopTimeoutSeconds))
    return fail(
      'stop-timeout',
      `--stop-timeout ${seconds} is not a whole number of at least ${smallestStopTimeoutSeconds} seconds`,
      {
        fix: `autonomous-loop bootstrap --stop-timeout ${defaultStopTimeoutSeconds}`,
      },
    )
  // A short timeout would let Codex kill the judge, so it counts as much as --force.
  return askerMay(context, 'bootstrap', options.force || seconds !== null)
}

export function readAssets<T>(read: () => T): Result<T> {
  try {
    return ok(read())
  } catch (error) {
    return fail(
      'package-incomplete',
      `parts of this program could not be read: ${(error as Error).message}`,
      reinstall,
    )
  }
}

function readHooksJson(file: string): Result<string | null> {
  const text = readTextSafe(file, { maxBytes: 4_000_000, follow: true })
  if (text.ok) return text
  // A link to nowhere is no file, but writing would make one where nobody looked.
  if (text.error.code === 'missing' && !fs.lstatSync(file, { throwIfNoEntry: false })) return ok(null)
  return fail('hooks-json-unreadable', text.error.message, { fix: `look at ${file}; nothing was changed` })
}

export const lostRecordNote = 'machine.json could not be read and is written again'

function notesOf(skill: readonly PlannedFile[], merged: Merged, lostRecord: boolean): string[] {
  return [
    ...skill
      .filter((file) => file.action === 'kept')
      .map((file) => `${file.path} is not ours and was kept; --force replaces it`),
    ...merged.legacy.map(
      ({ event, command }) =>
        `hooks.json also calls the original autonomous-loop at ${event} (${command}): remove it, or every stop is judged twice`,
    ),
    ...(lostRecord ? [lostRecordNote] : []),
  ]
}
