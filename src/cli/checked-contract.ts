import path from 'node:path'
import { type Failure, type Result, err, ok } from '../base/result.ts'
import { type CheckedFile, type FileProblem, checkContractFile } from '../contract/contract-file.ts'
import { problemLines } from '../contract/file/problem-lines.ts'
import { parseWholeConfig } from '../contract/whole-config.ts'
import type { ProjectConfig } from '../contract/types.ts'
import { readConfigText } from '../definition/config-text.ts'
import { readContract } from '../control/contract-place.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'

export interface NamedContract {
  readonly file: string
  /** The repository it is for. */
  readonly root: string
  readonly checked: CheckedFile
  /** Whether names of commands and profiles could be judged, and if not, why. */
  readonly config: 'checked' | 'missing' | 'invalid'
  /** The config that was used; null unless `checked`. */
  readonly project: ProjectConfig | null
}

/** The named contract file against the repository's config as it lies there. Reads only. Codes: those of readContract. */
export function checkedContract(named: string, cwd: string): Result<NamedContract> {
  const root = findRepoRoot(cwd)
  const found = readContract(named, cwd, root)
  if (!found.ok) return found
  const { config, state } = configOf(root)
  const { file, format, text } = found.value
  return ok({ file, root, checked: checkContractFile(text, format, config), config: state, project: config })
}

function configOf(root: string): { config: ProjectConfig | null; state: NamedContract['config'] } {
  const text = readConfigText(root)
  if (!text.ok) return { config: null, state: 'missing' }
  const config = parseWholeConfig(text.value.text, text.value.path)
  return config.ok ? { config: config.value, state: 'checked' } : { config: null, state: 'invalid' }
}

/** All problems as one failure `invalid-contract`, each with its line. */
export function contractFailure(
  file: string,
  problems: readonly FileProblem[],
  cwd: string,
  fix = 'correct these lines, then run it again',
): Failure {
  const name = nameFrom(file, cwd)
  const lines = problems.map((one) => problemLines(name, one))
  return {
    code: 'invalid-contract',
    message: `${name}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}\n${lines.join('\n')}`,
    fix,
    data: { file, problems },
  }
}

/** What `request enable` is given by a contract file. Codes: those of readContract, invalid-contract. */
export function inputFrom(
  named: string,
  cwd: string,
): Result<{ readonly file: string; readonly input: NonNullable<CheckedFile['input']> }> {
  const found = checkedContract(named, cwd)
  if (!found.ok) return found
  const { file, checked } = found.value
  return checked.input
    ? ok({ file, input: checked.input })
    : err(contractFailure(file, checked.problems, cwd))
}

function nameFrom(file: string, cwd: string): string {
  const relative = path.relative(cwd, file)
  return relative.startsWith('..') ? file : relative
}
