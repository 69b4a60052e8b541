import { type Result, err, ok } from '../base/result.ts'
import { parseWholeConfig } from '../contract/whole-config.ts'
import { type OpenPolicy, openPolicy, problemsFailure } from './policy.ts'

/**
 * The approved config with its `supervisor` checked too, for whoever works through a backlog: an amend, which a hook carries out,
 * accepts a config without reading that. Codes: those of openPolicy.
 */
export function openWholePolicy(home: string, root: string): Result<OpenPolicy> {
  const policy = openPolicy(home, root)
  if (!policy.ok) return policy
  const { approval } = policy.value
  const config = parseWholeConfig(approval.text, approval.path)
  return config.ok
    ? ok({ config: config.value, approval })
    : err(problemsFailure('invalid-config', approval.path, config.error))
}
