import { type Failure, type Result, err, fail, ok } from '../base/result.ts'
import { byHandFor } from './by-hand.ts'
import { cmake } from './cmake.ts'
import { type Combined, combine } from './combine.ts'
import { deno } from './deno.ts'
import { dotnet } from './dotnet.ts'
import { go } from './go.ts'
import { gradle, maven } from './jvm.ts'
import { make } from './make.ts'
import { node } from './node.ts'
import { php } from './php.ts'
import { preCommit } from './pre-commit.ts'
import { detectPreferred } from './preferred.ts'
import { python } from './python.ts'
import { ruby } from './ruby.ts'
import { rust } from './rust.ts'
import { type Suggestion, suggestionNotes } from './suggestion.ts'
import { just, task } from './task-runners.ts'
import { untested } from './untested.ts'
import type { DetectRequest, Detection, Detector } from './detection.ts'

/** In order of precedence for names; a new ecosystem is a new row. */
export const detectors: readonly Detector[] = [
  node,
  deno,
  make,
  just,
  task,
  python,
  rust,
  go,
  maven,
  gradle,
  dotnet,
  ruby,
  php,
  cmake,
  preCommit,
]

/**
 * Everything that is certain in a repository. Codes: missing_verification_commands, and those of detection in Node
 * projects: what contradicts itself there is the person's to decide, whatever else was found.
 */
export function detect(request: DetectRequest): Result<Combined> {
  if (request.preferScripts !== undefined) return detectPreferred(request, request.preferScripts, detectors)
  const found: [Detector, Detection][] = []
  const failures: Failure[] = []
  for (const detector of detectors) {
    const detected = detector.detect(request)
    if (!detected.ok) failures.push(detected.error)
    else if (detected.value !== null) found.push([detector, detected.value])
  }
  const combined = combine(found)
  const isEmpty = combined.commands.length === 0
  const others = untested(request, found, combined, detectors)
  const failure = failures.find((one) => !isSoft(one, found) || (isEmpty && others.length === 0))
  if (failure !== undefined) return err(failure)
  const taken = new Set(combined.commands.map((one) => one.name))
  const notes = [...combined.notes, ...suggestionNotes(others, taken), ...failures.map((one) => one.message)]
  return isEmpty ? nothing(request, notes, others) : ok({ ...combined, notes })
}

/** Nothing in package.json can be used: that is no reason to leave out what the other files say. */
function isSoft(failure: Failure, found: readonly (readonly [Detector, Detection])[]): boolean {
  if (failure.code === 'missing_verification_scripts') return true
  // Deno reads package.json too, and runs its tasks itself.
  return failure.code === 'missing_package_manager' && found.some(([detector]) => detector === deno)
}

function nothing(
  request: DetectRequest,
  notes: readonly string[],
  others: readonly Suggestion[],
): Result<never> {
  const why = notes.length === 0 ? '' : ` (${notes.join('; ')})`
  const { fix, config } = byHandFor(others)
  return fail(
    'missing_verification_commands',
    `no commands to verify work with were found in ${request.root}${why}`,
    {
      fix,
      data: {
        looked_for: detectors.map((detector) => detector.name),
        notes,
        config_to_copy: config,
      },
    },
  )
}
