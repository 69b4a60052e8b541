import { canonicalJson } from '../base/hash.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { definitionOfConfig } from '../definition/in-place.ts'
import { diffPins } from '../definition/index.ts'
import { EntryReader, type Hashing } from '../evidence/entry.ts'
import { loadBaselines } from '../evidence/baseline-file.ts'
import type { Activation, Channel } from '../ledger/events.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { append } from '../ledger/store.ts'
import type { Context } from '../records/context.ts'
import { differenceWords } from '../verdict/words/definition.ts'
import type { Unproved } from '../verdict/unproved.ts'
import { TOOL_DIRECTORY } from '../workspace/shape/names.ts'

/**
 * Accepts what the gates did not pass without: from now on it is as good as the start's. Only what was shown, and only while it is
 * there: what a command is made of is read again from it. Codes: digest-mismatch, no-run, pin-unreadable.
 */
export function amendUnproved(
  context: Context,
  sessionId: string,
  run: RunState,
  unproved: Extract<Unproved, { kind: 'definition' }>,
  by: Channel,
  reason: string | null,
): Result<RunState> {
  const { activation } = run
  const { repoRoot, config, gatePath } = activation
  const place = sessionPaths(context.env.home, sessionId)
  const hashing = hashingOf(place.dir, activation)
  if (!hashing.ok) return hashing
  const reader = new EntryReader(repoRoot, hashing.value, undefined, Infinity)
  const isThere = ([path, state]: [string, string]): boolean => {
    const now = reader.look(path)
    return (now === null ? '-' : `${now.kind} ${now.hash}`) === state
  }
  const definition = definitionOfConfig(repoRoot, config, gatePath)
  if (!definition.ok) return definition
  const { pins, steps } = definition.value
  const others = diffPins(activation.pins, pins).filter(
    ({ file }) => !Object.hasOwn(unproved.states, file) && !isInstalled(file),
  )
  if (others.length > 0 || !Object.entries(unproved.states).every(isThere))
    return fail('digest-mismatch', `this is not what is there any more:\n${differenceWords(unproved)}`, {
      fix: 'autonomous-loop check   (the next stop asks again)',
    })
  const seen = canonicalJson(activation)
  const written = append(place, context.clock, (state) => {
    const open = openRun(state)
    if (open?.runId !== run.runId) return fail('no-run', 'the run was closed meanwhile')
    if (canonicalJson(open.activation) !== seen)
      return fail('digest-mismatch', 'another change was accepted meanwhile', {
        fix: 'autonomous-loop status',
      })
    const isEmpty = activation.steps === undefined && Object.keys(steps).length === 0
    const accepted: Activation = { ...open.activation, pins, ...(isEmpty ? {} : { steps }) }
    const { digest, changes, states } = unproved
    return ok([
      { type: 'amended', data: { digest, changes, activation: accepted, accepted: states, by, reason } },
    ])
  })
  if (!written.ok) return written
  const after = openRun(written.value.state)
  return after ? ok(after) : fail('no-run', 'the run was closed meanwhile')
}

/** No command is made of what is installed, and the clean room has none of it. */
function isInstalled(file: string): boolean {
  return file.startsWith('/') || file.split('/').some((name) => TOOL_DIRECTORY.test(name))
}

/** How a comparison with the start of this run names content. */
function hashingOf(dir: string, { baselines }: Activation): Result<Hashing> {
  const loaded = loadBaselines(dir, baselines)
  if (!loaded.ok) return loaded
  for (const one of loaded.value) if (one.kind === 'git') return ok(one.format)
  return ok('short')
}
