import { type Result, err } from '../base/result.ts'
import { parseWholeConfig } from '../contract/whole-config.ts'
import type { ProjectConfig } from '../contract/types.ts'
import { readConfigText } from '../definition/config-text.ts'
import { problemsFailure } from './policy.ts'

/** The config of a root as it is on disk, whether or not somebody approved it. Codes: config-missing, config-unreadable, invalid-config. */
export function checkoutConfig(root: string): Result<ProjectConfig> {
  const text = readConfigText(root)
  if (!text.ok) return text
  const config = parseWholeConfig(text.value.text, text.value.path)
  return config.ok ? config : err(problemsFailure('invalid-config', text.value.path, config.error))
}
