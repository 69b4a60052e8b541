import { type Result, fail, ok } from '../base/result.ts'
import { sha256 } from '../base/hash.ts'
import { hashContract } from '../contract/hash.ts'
import { parseProjectConfig } from '../contract/config.ts'
import type { Activation, Channel } from '../ledger/events.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { append } from '../ledger/store.ts'
import { saveApproval } from './approvals.ts'
import type { Context } from './context.ts'
import { lookAtDefinition } from './definition.ts'
import { problemsFailure } from './policy.ts'

/**
 * Accepts exactly the difference that was shown: its digest is computed again from what is there now, so a further
 * change makes the old digest worthless. Codes: no-run, nothing-to-amend, digest-mismatch, invalid-config, pin-unreadable.
 */
export function amend(
  context: Context,
  sessionId: string,
  run: RunState,
  digest: string,
  by: Channel,
  reason: string | null,
): Result<RunState> {
  const now = lookAtDefinition(run.activation)
  if (!now.drift) return fail('nothing-to-amend', 'config and pins are as they were frozen')
  if (digest.length < 12 || !now.drift.digest.startsWith(digest))
    return fail(
      'digest-mismatch',
      `the difference is another one by now: ${now.drift.changes.map((c) => `${c.file}: ${c.text}`).join('; ')}`,
      {
        fix: `autonomous-loop amend ${now.drift.digest.slice(0, 12)}`,
      },
    )
  if (!now.pins || now.configText === null)
    return fail(
      'pin-unreadable',
      `this cannot be accepted, because it cannot be read: ${now.drift.changes.map((c) => c.text).join('; ')}`,
    )

  let activation: Activation = {
    ...run.activation,
    contract: run.contract,
    contractHash: hashContract(run.contract),
    pins: now.pins,
  }
  const configSha = sha256(now.configText)
  if (configSha !== activation.configSha256 && activation.configPath) {
    const config = parseProjectConfig(now.configText, activation.configPath)
    if (!config.ok)
      return { ok: false, error: problemsFailure('invalid-config', activation.configPath, config.error) }
    activation = { ...activation, config: config.value, configSha256: configSha }
    saveApproval(context.env.home, {
      v: 1,
      path: activation.configPath ?? '',
      sha256: configSha,
      text: now.configText,
      gatePath: activation.gatePath,
      at: context.clock(),
    })
  }
  const { drift } = now
  const written = append(context.env.home, sessionId, context.clock, (state) =>
    openRun(state)?.runId === run.runId
      ? ok([
          { type: 'amended', data: { digest: drift.digest, changes: drift.changes, activation, by, reason } },
        ])
      : fail('no-run', 'the run was closed meanwhile'),
  )
  if (!written.ok) return written
  const after = openRun(written.value.state)
  return after ? ok(after) : fail('no-run', 'the run was closed meanwhile')
}
