import { type Result, err, fail, ok } from '../base/result.ts'
import { type Sha256, canonicalJson, sha256 } from '../base/hash.ts'
import { hashContract } from '../contract/hash.ts'
import { stillThere } from '../evidence/repo-root.ts'
import { parseProjectConfig } from '../contract/config.ts'
import type { Contract, ProjectConfig } from '../contract/types.ts'
import type { Activation, Channel } from '../ledger/events.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { append } from '../ledger/store.ts'
import { findApproval, saveApproval } from '../records/approvals.ts'
import type { Context } from '../records/context.ts'
import type { AcceptableDifference } from '../definition/drift.ts'
import type { Unproved } from '../verdict/unproved.ts'
import { amendUnproved } from './amend-unproved.ts'
import { collectDefinition } from '../definition/index.ts'
import type { FrozenSteps } from '../contract/steps.ts'
import type { Pin } from '../definition/types.ts'
import { acceptedPins } from '../definition/in-place.ts'
import { lookAtDefinition } from '../definition/look.ts'
import { startedBy } from '../contract/prepare.ts'
import { verifiedIn } from '../contract/verify.ts'
import { problemsFailure } from '../records/policy.ts'
import { differenceWords } from '../verdict/words/definition.ts'
import { acceptScope, scopeDifference } from './accept-scope.ts'
import { findRenewedPath } from './renewed-path.ts'

/** Everything that differs now from what the run froze, as a person is shown it. Codes: nothing-to-amend, repo-gone. */
export function differenceNow({ env }: Context, run: RunState): Result<AcceptableDifference> {
  const { activation } = run
  const there = stillThere(activation.repoRoot)
  if (!there.ok) return there
  const now = lookAtDefinition(activation)
  const drift = findRenewedPath(env.home, activation, now)?.drift ?? now.drift
  const difference = drift ?? unprovedOf(run) ?? scopeDifference(run)
  return difference ? ok(difference) : nothingToAmend()
}

/** What the last stop asked the person about, as long as it is the question. */
function unprovedOf(run: RunState): Extract<Unproved, { kind: 'definition' }> | null {
  const { lastStop } = run
  if (run.status !== 'parked' || run.park.kind !== 'unproved') return null
  return lastStop?.unproved?.kind === 'definition' ? lastStop.unproved : null
}

function nothingToAmend(): Result<never> {
  return fail('nothing-to-amend', 'everything is as it was frozen')
}

/**
 * Accepts exactly the difference that was shown, of the definition or out of scope: its digest is computed again from what is there now, so a further
 * change makes the old digest worthless. The PATH that was recorded for gates since is taken over only by a digest that
 * means it too. Codes: no-run, nothing-to-amend, digest-mismatch, invalid-config, pin-unreadable, repo-gone,
 * those of acceptScope, amend-unmeetable (the contract asks for what the new config does not have).
 */
export function amend(
  context: Context,
  sessionId: string,
  run: RunState,
  digest: string,
  by: Channel,
  reason: string | null,
): Result<RunState> {
  const there = stillThere(run.activation.repoRoot)
  if (!there.ok) return there
  const unproved = unprovedOf(run)
  if (unproved && digest.length >= 12 && unproved.digest.startsWith(digest))
    return amendUnproved(context, sessionId, run, unproved, by, reason)
  const outside = scopeDifference(run)
  if (outside && digest.length >= 12 && outside.digest.startsWith(digest))
    return acceptScope(context, sessionId, run, by, reason)
  const now = lookAtDefinition(run.activation)
  const renewed = findRenewedPath(context.env.home, run.activation, now)
  const whole = renewed?.drift ?? now.drift
  const shown = whole ?? unproved ?? outside
  if (!shown) return nothingToAmend()
  const drift = [now.drift, whole].find((one) => digest.length >= 12 && one?.digest.startsWith(digest))
  if (!drift)
    return fail(
      'digest-mismatch',
      `this digest does not belong to the difference there is now:\n${differenceWords(shown)}`,
      // Never the right digest: whoever did not see this difference must look before accepting it.
      { fix: 'autonomous-loop amend', data: { changes: shown.changes } },
    )
  if (!now.pins || now.configText === null)
    return fail(
      'pin-unreadable',
      `this cannot be accepted, because it cannot be read:\n${differenceWords(drift)}`,
    )

  const configSha = sha256(now.configText)
  const config = acceptedConfig(run, now.configText, configSha)
  if (!config.ok) return config
  const newConfig = config.value ? config.value.config : run.activation.config
  const possible = meetable(run.contract, newConfig)
  if (!possible.ok) return possible
  // What a person approved already stays as it is, its PATH with it.
  if (config.value && !findApproval(context.env.home, config.value.path, configSha)) {
    const saved = saveApproval(context.env.home, {
      v: 1,
      path: config.value.path,
      sha256: configSha,
      text: now.configText,
      gatePath: run.activation.gatePath,
      at: context.clock(),
    })
    if (!saved.ok) return saved
  }

  const pins = acceptedPins(run.activation, now.pins)
  const steps = stepsOf(run, newConfig, now.pins)
  if (!steps.ok) return steps
  const gatePath = drift === renewed?.drift ? renewed.gatePath : run.activation.gatePath
  const seen = canonicalJson(run.activation)
  const written = append(sessionPaths(context.env.home, sessionId), context.clock, (state) => {
    const open = openRun(state)
    if (open?.runId !== run.runId) return fail('no-run', 'the run was closed meanwhile')
    if (canonicalJson(open.activation) !== seen)
      return fail('digest-mismatch', 'another change was accepted meanwhile', {
        fix: 'autonomous-loop status',
      })
    const still = meetable(open.contract, newConfig)
    if (!still.ok) return still
    // The contract as it is now: what was added since `run` was read stays an obligation.
    const activation: Activation = {
      ...open.activation,
      contract: open.contract,
      contractHash: hashContract(open.contract),
      pins,
      ...(steps.value === null ? {} : { steps: steps.value }),
      config: newConfig,
      configSha256: configSha,
      gatePath,
    }
    return ok([
      { type: 'amended', data: { digest: drift.digest, changes: drift.changes, activation, by, reason } },
    ])
  })
  if (!written.ok) return written
  const after = openRun(written.value.state)
  return after ? ok(after) : fail('no-run', 'the run was closed meanwhile')
}

/** The new config when it is part of the difference, else null. Codes: invalid-config. */
function acceptedConfig(
  { activation }: RunState,
  text: string,
  sha: Sha256,
): Result<{ readonly path: string; readonly config: ProjectConfig } | null> {
  const { configPath, configSha256 } = activation
  if (sha === configSha256 || configPath === null) return ok(null)
  const config = parseProjectConfig(text, configPath)
  return config.ok
    ? ok({ path: configPath, config: config.value })
    : err(problemsFailure('invalid-config', configPath, config.error))
}

/**
 * What the accepted commands are made of, by the files that are accepted. Code: digest-mismatch, when these changed while
 * they were read.
 */
function stepsOf(
  { activation }: RunState,
  config: ProjectConfig | null,
  accepted: readonly Pin[],
): Result<FrozenSteps | null> {
  const { repoRoot, gatePath } = activation
  const definition = collectDefinition(repoRoot, startedBy(config), gatePath)
  if (!definition.ok) return definition
  const again = lookAtDefinition(activation).pins
  const steps = stepsKept(activation, config, definition.value.steps)
  const isEmpty = activation.steps === undefined && Object.keys(steps).length === 0
  return canonicalJson(again) === canonicalJson(accepted)
    ? ok(isEmpty ? null : steps)
    : fail('digest-mismatch', 'another file was changed meanwhile', { fix: 'autonomous-loop status' })
}

/**
 * Of a gate in the clean room only the config is accepted here: files that give it its steps may differ, and nobody accepted that.
 * One that is new, or another now, is run whole.
 */
function stepsKept(
  { config: was, steps = {} }: Activation,
  config: ProjectConfig | null,
  read: FrozenSteps,
): FrozenSteps {
  const entries = Object.entries(config?.commands ?? {}).flatMap(([name, command]) => {
    const isInRoom = config !== null && verifiedIn(command, config.policy) === 'clean-room'
    const isSame = canonicalJson(was?.commands[name] ?? null) === canonicalJson(command)
    const own = !isInRoom ? read[name] : isSame ? steps[name] : undefined
    return own === undefined ? [] : [[name, own] as const]
  })
  return Object.fromEntries(entries)
}

/** A command that the new config does not have would not be run any more, and nothing would say so. */
function meetable(contract: Contract, config: ProjectConfig | null): Result<void> {
  const { commands = {}, gateProfiles = {} } = config ?? {}
  const gone = contract.tasks
    .filter((task) => task.required)
    .flatMap((task) => task.evidence.map((evidence) => ({ task, evidence })))
    .flatMap(({ task, evidence }) =>
      evidence.kind === 'commandRef' && !Object.hasOwn(commands, evidence.name)
        ? [`the command ${evidence.name}, which task ${task.id} asks for`]
        : [],
    )
  if (config && !Object.hasOwn(gateProfiles, contract.gateProfile))
    gone.push(`the gate profile ${contract.gateProfile}, which the contract asks for`)
  return gone.length === 0
    ? ok(undefined)
    : fail('amend-unmeetable', `the new config has no longer ${gone.join('; nor ')}`, {
        fix: 'put it back into the config, or end the run with the prompt: autonomous-loop waive',
      })
}
