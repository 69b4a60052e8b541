import fs from 'node:fs'
import path from 'node:path'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { InstallPlan } from './plan.ts'

export interface InstallResult {
  /** Relative to the root. */
  readonly written: readonly string[]
  readonly kept: readonly string[]
  readonly unchanged: readonly string[]
}

/**
 * Writes what the plan says, each file as a whole; the config comes last, so that a cut-short installation leaves no
 * config without its skill. Code: repo_unwritable.
 */
export function applyInstall(plan: InstallPlan): Result<InstallResult> {
  const order = [...plan.files].sort(
    (a, b) => Number(isConfig(plan, a.path)) - Number(isConfig(plan, b.path)),
  )
  const written: string[] = []
  for (const file of order) {
    if (file.action === 'keep' || file.action === 'same') continue
    const target = path.join(plan.root, file.path)
    try {
      fs.mkdirSync(path.dirname(target), { recursive: true })
      writeFileWhole(target, file.text, 0o644)
    } catch (error) {
      return fail('repo_unwritable', `${target} could not be written: ${systemWords(error)}`, {
        fix: 'run this as a person outside the sandbox, with write access to the repository',
        data: { written },
      })
    }
    written.push(file.path)
  }
  const named = (action: string): string[] =>
    plan.files.filter((file) => file.action === action).map((file) => file.path)
  return ok({ written, kept: named('keep'), unchanged: named('same') })
}

function isConfig(plan: InstallPlan, file: string): boolean {
  return path.join(plan.root, file) === plan.config.path
}
