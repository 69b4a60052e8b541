import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../base/read-file.ts'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { writeFileWhole } from '../base/write-file.ts'
import { writeMachine } from '../records/machine.ts'
import { tidyStamp } from '../hooks/tidy.ts'
import { ensureHome } from '../ledger/home.ts'
import type { BootstrapPlan } from './bootstrap-plan.ts'
import type { PlannedFile } from './files.ts'
import { archiveOriginal } from './original.ts'

/**
 * Carries a plan out: first what the hooks need, then the record of what is put into hooks.json, last hooks.json itself.
 * Every file is replaced as a whole; repeating a cut-short run finishes it. Codes: home-unwritable, setup-write,
 * hooks-json-changed.
 */
export function applyBootstrap(plan: BootstrapPlan): Result<void> {
  const home = ensureHome(plan.home)
  if (!home.ok) return home
  const now = readTextSafe(plan.hooksFile, { maxBytes: 8_000_000, follow: true })
  if ((now.ok ? now.value : null) !== plan.hooksBefore)
    return fail('hooks-json-changed', `${plan.hooksFile} was changed by somebody else just now`, {
      fix: 'autonomous-loop bootstrap',
    })
  let at = plan.home
  try {
    if (plan.takenOver)
      archiveOriginal(plan.home, plan.takenOver.original, aboutToChange(plan), plan.takenOver.at)
    for (const file of plan.files) {
      at = file.path
      writePlanned(file)
    }
    at = path.join(plan.home, 'machine.json')
    writeMachine(plan.home, plan.machine)
    at = plan.hooksFile
    if (plan.merged.changed && plan.merged.text === '') fs.rmSync(plan.hooksFile)
    else if (plan.merged.changed) writeHooksJson(plan.hooksFile, plan.merged.text)
    // The first hygiene comes an hour after it: there is nothing to put away yet.
    fs.writeFileSync(tidyStamp(plan.home), '', { mode: 0o600 })
    return ok(undefined)
  } catch (error) {
    return fail('setup-write', `${at} could not be written: ${systemWords(error)}`, {
      fix: `make room or permission, then: autonomous-loop bootstrap`,
    })
  }
}

/** The user's hooks.json and the original's skill, as they are now. */
function aboutToChange(plan: BootstrapPlan): { path: string; text: string }[] {
  const skill = plan.files.filter(
    ({ action, path: file }) => action === 'update' && file.endsWith('/SKILL.md'),
  )
  const texts = skill.flatMap(({ path: file }) => {
    const text = readTextSafe(file, { maxBytes: 8_000_000 })
    return text.ok ? [{ path: file, text: text.value }] : []
  })
  return plan.hooksBefore === null ? texts : [{ path: plan.hooksFile, text: plan.hooksBefore }, ...texts]
}

/** Also Claude Code's settings.json. Through a link of the user's (dotfiles), with the mode it had. Throws on a system error. */
export function writeHooksJson(file: string, text: string): void {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  writeFileWhole(stat ? fs.realpathSync(file) : file, text, stat ? stat.mode & 0o777 : 0o600)
}

export function writePlanned(file: PlannedFile): void {
  if (file.action === 'same' || file.action === 'kept') return
  fs.mkdirSync(path.dirname(file.path), { recursive: true, mode: 0o700 })
  writeFileWhole(file.path, file.content, file.mode)
}
