import { type Result, fail, ok } from '../../base/result.ts'
import { node } from './node.ts'
import type { DetectRequest, Detection, Detector } from './types.ts'

/** In order of precedence; a new ecosystem is a new row. */
export const detectors: readonly Detector[] = [node]

/** The first ecosystem that knows the repository. Codes: missing_verification_commands, and those of the detectors. */
export function detect(request: DetectRequest): Result<Detection> {
  for (const detector of detectors) {
    const found = detector.detect(request)
    if (!found.ok) return found
    if (found.value !== null) return ok(found.value)
  }
  return fail(
    'missing_verification_commands',
    `no commands to verify work with were found in ${request.root}`,
    {
      fix: 'write .codex/autoloop.project.json by hand (docs/configuration.md), then run autonomous-loop allow',
      data: { looked_for: detectors.map((detector) => detector.name) },
    },
  )
}
