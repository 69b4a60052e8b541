import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { type Codex, findCodex } from '../../codex/find-codex.ts'
import type { Context } from '../../records/context.ts'
import { stableNode } from '../../records/places.ts'
import type { Assets } from '../assets.ts'
import { askCodex } from '../codex-word.ts'
import { filesBelow } from '../files.ts'
import { askerMay } from '../open-runs.ts'
import { renderStubShim } from '../shim.ts'
import { type ManagedPlaces, managedGroups, rootOwned } from './places.ts'
import { withManaged, withoutManaged } from './requirements.ts'
import { renderManagedShim } from './shim.ts'

/** What will be done to the machine, looked at only. */
export interface ManagedPlan {
  readonly places: ManagedPlaces
  readonly codex: Codex
  /** requirements.toml; null: no such file. */
  readonly before: string | null
  readonly after: string | null
  readonly files: readonly {
    readonly path: string
    readonly content: string | Uint8Array
    readonly mode: number
  }[]
}

/**
 * Managed hooks for every user of this machine. Codes: managed-not-root, person-only, managed-unsafe, managed-unclear,
 * managed-hooks-off, requirements-unreadable, those of findCodex.
 */
export function planManaged(
  parts: { readonly assets: Assets; readonly node: string; readonly places: ManagedPlaces },
  context: Context,
): Result<ManagedPlan> {
  const { assets, places } = parts
  const base = begin(places, context)
  if (!base.ok) return base
  const node = stableNode(parts.node)
  for (const file of [node, places.dir, places.requirements]) {
    const safe = rootOwned(file)
    if (!safe.ok) return safe
  }
  const after = withManaged(base.value.before, managedGroups(places))
  if (!after.ok) return after
  const dir = path.join(places.dir, assets.version)
  const copy = (from: string, to: string) => ({
    path: path.join(dir, to),
    content: fs.readFileSync(from),
    mode: 0o644,
  })
  const template = fs.readFileSync(path.join(assets.hooksDir, 'hook.sh'), 'utf8')
  const manifest = { name: 'autonomous-loop', version: assets.version, private: true, type: 'module' }
  return ok({
    ...base.value,
    places,
    after: after.value,
    files: [
      { path: path.join(dir, 'package.json'), content: `${JSON.stringify(manifest)}\n`, mode: 0o644 },
      copy(assets.hookFormats, 'hook.formats.cjs'),
      copy(assets.hookJudge, 'hook.judge.cjs'),
      copy(assets.hookMain, 'hook.main.cjs'),
      copy(assets.hookBundle, 'hook.cjs'),
      ...filesBelow(assets.cliDir).map((name) => copy(path.join(assets.cliDir, name), `cli/${name}`)),
      ...assets.documents.map((name) => copy(path.join(assets.root, name), name)),
      {
        path: path.join(places.dir, 'hook'),
        content: renderManagedShim(template, places, { node, version: assets.version }),
        mode: 0o755,
      },
    ],
  })
}

/** Takes it out again; programs are replaced by a shim that answers nothing, for threads that still run. */
export function planUnmanaged(places: ManagedPlaces, context: Context): Result<ManagedPlan> {
  const base = begin(places, context)
  if (!base.ok) return base
  const rest = base.value.before === null ? ok(null) : withoutManaged(base.value.before)
  if (!rest.ok) return rest
  const shim = path.join(places.dir, 'hook')
  return ok({
    ...base.value,
    places,
    after: rest.value === '' ? null : rest.value,
    files: fs.existsSync(shim) ? [{ path: shim, content: renderStubShim(), mode: 0o755 }] : [],
  })
}

function begin(
  places: ManagedPlaces,
  context: Context,
): Result<{ readonly codex: Codex; readonly before: string | null }> {
  const allowed = askerMay(context, 'bootstrap', true)
  if (!allowed.ok) return allowed
  if (context.env.uid !== 0)
    return fail('managed-not-root', 'managed hooks belong to the whole machine: only root may change them', {
      fix: 'sudo autonomous-loop bootstrap --managed',
    })
  const text = readTextSafe(places.requirements, { maxBytes: 4_000_000, follow: true })
  if (!text.ok && text.error.code !== 'missing')
    return fail('requirements-unreadable', text.error.message, { fix: `look at ${places.requirements}` })
  const codex = findCodex(context.env)
  return codex.ok ? ok({ codex: codex.value, before: text.ok ? text.value : null }) : codex
}

/**
 * Writes what the plan says: programs before the hooks that call them. Codex is asked whether it runs all of them; if it
 * does not, requirements.toml is put back as it was. Codes: setup-write, requirements-changed, managed-refused.
 */
export async function applyManaged(plan: ManagedPlan, context: Context): Promise<Result<void>> {
  const file = plan.places.requirements
  const now = readTextSafe(file, { maxBytes: 4_000_000, follow: true })
  if ((now.ok ? now.value : null) !== plan.before)
    return fail('requirements-changed', `${file} was changed by somebody else just now`, {
      fix: 'autonomous-loop bootstrap --managed',
    })
  const written = tryWrite(file, () => {
    for (const each of plan.files) {
      makeDirectory(path.dirname(each.path))
      writeFileWhole(each.path, each.content, each.mode)
      fs.chmodSync(each.path, each.mode)
    }
    put(file, plan.after)
  })
  if (!written.ok || !plan.after?.includes(path.join(plan.places.dir, 'hook'))) return written
  const word = await askCodex({
    codex: plan.codex,
    env: context.env,
    hooksFile: file,
    groups: managedGroups(plan.places),
    cwd: '/',
    mayTrust: () => Promise.resolve(false),
  })
  if (word.ok && word.value.ours.every(({ state }) => state === 'managed')) return ok(undefined)
  const restored = tryWrite(file, () => put(file, plan.before))
  if (!restored.ok) return restored
  const why = word.ok
    ? word.value.ours.map(({ event, state }) => `${event} ${state}`).join(', ')
    : word.error.message
  return fail('managed-refused', `Codex does not take these hooks from ${file}; it is as it was: ${why}`, {
    fix: 'codex doctor',
  })
}

/** Programs of a managed installation that is gone. Throws nothing: what stays does no harm. */
export function removePrograms(places: ManagedPlaces): void {
  for (const name of fs.existsSync(places.dir) ? fs.readdirSync(places.dir) : [])
    if (/^\d+\.\d+\.\d+/.test(name)) fs.rmSync(path.join(places.dir, name), { recursive: true, force: true })
}

function put(file: string, text: string | null): void {
  if (text === null) {
    fs.rmSync(file, { force: true })
    return
  }
  makeDirectory(path.dirname(file))
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  const mode = stat ? stat.mode & 0o777 : 0o644
  writeFileWhole(file, text, mode)
  fs.chmodSync(file, mode)
}

/** Readable for everybody, whatever root's umask is; one that is there stays as it is. */
function makeDirectory(dir: string): void {
  if (fs.existsSync(dir)) return
  makeDirectory(path.dirname(dir))
  fs.mkdirSync(dir)
  fs.chmodSync(dir, 0o755)
}

function tryWrite(file: string, act: () => void): Result<void> {
  try {
    act()
    return ok(undefined)
  } catch (error) {
    return fail('setup-write', `${file} or our programs could not be written: ${systemWords(error)}`, {
      fix: 'make room or permission, then repeat it',
    })
  }
}
