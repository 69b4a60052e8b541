import type { ErrorCode } from '../base/error-code.ts'
import { shellWord } from '../base/shell-word.ts'
import { type Failure, type Result, err, fail, ok } from '../base/result.ts'
import { parseProjectConfig } from '../contract/config.ts'
import type { Problem, ProjectConfig } from '../contract/types.ts'
import { readConfigText } from '../definition/config-text.ts'
import { type Approval, findApproval } from './approvals.ts'

/** A repository's policy, accepted by a person: what a contract may rest on. */
export interface OpenPolicy {
  readonly config: ProjectConfig
  readonly approval: Approval
}

/** The config as it is on disk now, if its content is approved. Codes: config-missing, config-unreadable, config-unapproved, invalid-config. */
export function openPolicy(home: string, root: string): Result<OpenPolicy> {
  const now = readConfigText(root)
  if (!now.ok) return now
  const approval = findApproval(home, now.value.path, now.value.sha256)
  if (!approval)
    return fail('config-unapproved', `Nobody has approved the present content of ${now.value.path}`, {
      fix: `autonomous-loop allow --repo ${shellWord(root)}`,
    })
  return fromApproval(approval)
}

/** The policy of an approval, whatever the file says by now. */
export function fromApproval(approval: Approval): Result<OpenPolicy> {
  const config = parseProjectConfig(approval.text, approval.path)
  return config.ok
    ? ok({ config: config.value, approval })
    : err(problemsFailure('invalid-config', approval.path, config.error))
}

/** All problems as one failure: the text names each, `data.problems` carries them for machines. */
export function problemsFailure(code: ErrorCode, what: string, problems: readonly Problem[]): Failure {
  const lines = problems.map(
    (problem) =>
      `  ${problem.path}: found ${problem.found}; allowed: ${problem.allowed}\n    for example: ${problem.example}`,
  )
  return {
    code,
    message: `${what}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}\n${lines.join('\n')}`,
    data: { problems },
  }
}
