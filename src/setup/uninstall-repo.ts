import fs from 'node:fs'
import path from 'node:path'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { writeFileWhole } from '../base/write-file.ts'
import { removeHooks } from '../codex/hooks-file/json.ts'
import { readConfigText } from '../definition/config-text.ts'
import { findApproval } from '../records/approvals.ts'
import { openMarkers } from '../ledger/held.ts'
import { agentsMdPath, takeSection } from './agents-md.ts'
import { filesBelow } from './files.ts'
import { readPresent } from './install/read-present.ts'

const skillPath = '.agents/skills/autonomous-loop'
const hooksPath = '.codex/hooks.json'
const configPath = '.codex/autoloop.project.json'

export interface RepoRemoval {
  readonly root: string
  /** Relative path; text null: the file goes. */
  readonly changes: readonly { readonly path: string; readonly text: string | null }[]
  /** What stays although install-repo may have written it, and why. */
  readonly kept: readonly { readonly path: string; readonly why: string }[]
}

/**
 * What uninstall-repo takes out again, looked at only. Whatever a person changed stays, unless `force`. Codes: open-runs,
 * agents-md-markers, hooks-json-invalid, unsafe_path, unreadable_file.
 */
export function planUninstallRepo(
  root: string,
  parts: { readonly home: string; readonly skillDir: string; readonly force: boolean },
): Result<RepoRemoval> {
  const open = openMarkers(parts.home).filter(({ activation }) => activation.repoRoot === root)
  if (open.length > 0 && !parts.force)
    return fail('open-runs', `${open.length} runs are still open in ${root}`, {
      fix: 'end them (autonomous-loop status), or: autonomous-loop uninstall-repo --force',
      data: { sessions: open.map(({ activation }) => activation.origin.sessionId) },
    })
  const changes: { path: string; text: string | null }[] = []
  const kept: { path: string; why: string }[] = []

  const config = readConfigText(root)
  if (config.ok) {
    // What was approved is kept with its approval, so nobody loses it.
    const approved = findApproval(parts.home, config.value.path, config.value.sha256) !== undefined
    if (approved || parts.force) changes.push({ path: configPath, text: null })
    else kept.push({ path: configPath, why: 'changed since it was approved, or never approved' })
  } else if (config.error.code !== 'config-missing')
    kept.push({ path: configPath, why: config.error.message })

  for (const name of filesBelow(parts.skillDir)) {
    const file = `${skillPath}/${name}`
    const present = readPresent(root, file)
    if (!present.ok) return present
    if (present.value === null) continue
    const ours = fs
      .readFileSync(path.join(parts.skillDir, name), 'utf8')
      .replaceAll('{{CLI}}', 'autonomous-loop')
    if (present.value === ours || parts.force) changes.push({ path: file, text: null })
    else kept.push({ path: file, why: 'changed since it was installed' })
  }

  for (const [file, take] of [
    [hooksPath, (text: string) => mapped(removeHooks(text, null))],
    [agentsMdPath, takeSection],
  ] as const) {
    const present = readPresent(root, file)
    if (!present.ok) return present
    if (present.value === null) continue
    const rest = take(present.value)
    if (!rest.ok) return rest
    if (rest.value !== present.value) changes.push({ path: file, text: rest.value })
  }
  return ok({ root, changes, kept })
}

/** Carries it out; directories that are empty then go too. Code: repo_unwritable. */
export function applyUninstallRepo(plan: RepoRemoval): Result<void> {
  for (const { path: name, text } of plan.changes) {
    const file = path.join(plan.root, name)
    try {
      if (text === null) {
        fs.rmSync(file)
        removeEmptyAbove(plan.root, path.dirname(name))
      } else writeFileWhole(file, text, fs.statSync(file).mode & 0o777)
    } catch (error) {
      return fail('repo_unwritable', `${file} could not be changed: ${systemWords(error)}`, {
        fix: 'run this as a person outside the sandbox, with write access to the repository',
      })
    }
  }
  return ok(undefined)
}

function removeEmptyAbove(root: string, name: string): void {
  for (let dir = name; dir !== '.' && dir !== ''; dir = path.dirname(dir))
    try {
      fs.rmdirSync(path.join(root, dir))
    } catch {
      // Something is in it, so it stays, and so does what is above.
      return
    }
}

function mapped(removed: ReturnType<typeof removeHooks>): Result<string | null> {
  return removed.ok ? ok(removed.value.text) : removed
}
