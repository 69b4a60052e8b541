import fs from 'node:fs'
import * as z from 'zod/mini'
import type { Sha256 } from '../base/hash.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { loadBaseline, saveBaseline } from '../evidence/baseline-file.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import type { FrozenSteps } from '../contract/steps.ts'
import type { FrozenCopies } from '../definition/frozen.ts'
import { loadCopies, saveCopies } from '../workspace/copied.ts'
import type { Pin } from '../definition/types.ts'
import { homePaths } from '../ledger/paths.ts'
import { readPending, removePending, writePending } from '../ledger/pending.ts'
import { withLock } from '../ledger/lock.ts'
import { type RunState, openRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import type { EnableInput } from './activation.ts'
import { claimPrefix, claimToken, nonceHash, tokensIn } from './claims.ts'
import type { Context } from '../records/context.ts'
import { type EnableGround, groundNow, start } from './enable.ts'
import { findApproval } from '../records/approvals.ts'
import { fromApproval } from '../records/policy.ts'

/** A request that waits for a session to show its token. The ground is frozen now, so that work done before the claim counts. */
export interface PendingRequest {
  readonly v: 1
  readonly requestId: string
  readonly at: number
  readonly repoRoot: string
  readonly by: 'terminal' | 'agent'
  readonly input: EnableInput
  readonly baseline: Sha256
  readonly config: { readonly path: string; readonly sha256: Sha256 }
  readonly pins: readonly Pin[]
  /** Absent where an older version wrote it. */
  readonly steps?: FrozenSteps
  /** Absent where the clean room gets no ignored files. */
  readonly copied?: FrozenCopies
  /** Set before the run starts: a crash in between must not leave the token to a second session. */
  readonly claimedBy?: string
}

const schema = z.object({
  v: z.literal(1),
  requestId: z.string(),
  at: z.number(),
  repoRoot: z.string(),
  by: z.enum(['terminal', 'agent']),
  input: z.object({
    objective: z.string(),
    taskTexts: z.array(z.string()),
    gateProfile: z.nullable(z.string()),
    maxStopIterations: z.nullable(z.number()),
    scope: z.optional(z.nullable(z.array(z.string()))),
  }),
  baseline: z.string(),
  config: z.object({ path: z.string(), sha256: z.string() }),
  copied: z.optional(z.object({ sha256: z.string(), unmatched: z.array(z.string()) })),
  claimedBy: z.optional(z.string()),
  pins: z.array(z.looseObject({ id: z.string(), value: z.nullable(z.string()), file: z.string() })),
})

const claimWaitMs = 10_000

/** Leaves a pending request and answers with the token that claims it. */
export async function leavePending(
  context: Context,
  root: string,
  input: EnableInput,
  by: 'terminal' | 'agent',
): Promise<Result<{ readonly request: PendingRequest; readonly nonce: string; readonly token: string }>> {
  const { home } = context.env
  const requestId = context.newId()
  const ground = await groundNow(context, root, { input, armedBy: by, requestId })
  if (!ground.ok) return ground
  const [baseline] = ground.value.baselines
  if (!baseline) return fail('no-baseline', 'no baseline was taken')
  const { requests } = homePaths(home)
  fs.mkdirSync(requests, { recursive: true, mode: 0o700 })
  const request: PendingRequest = {
    v: 1,
    requestId,
    at: context.clock(),
    repoRoot: root,
    by,
    input,
    baseline: saveBaseline(requests, baseline),
    config: { path: ground.value.policy.approval.path, sha256: ground.value.policy.approval.sha256 },
    pins: ground.value.pins,
    ...(ground.value.steps === undefined ? {} : { steps: ground.value.steps }),
    ...(ground.value.copied === undefined ? {} : { copied: saveCopies(requests, ground.value.copied) }),
  }
  const nonce = context.newId()
  writePending(home, nonceHash(nonce), request)
  return ok({ request, nonce, token: claimToken(nonce) })
}

/**
 * Claims the request whose token stands in the message, for a session without a run. Null when the message holds no
 * token that anything waits for: mere text is nothing. Codes: claim-foreign (another repository), claim-unreadable.
 */
export async function claim(
  context: Context,
  stop: { readonly sessionId: string; readonly cwd: string; readonly lastAssistantMessage: string | null },
): Promise<Result<RunState | null>> {
  const { home } = context.env
  for (const nonce of tokensIn(stop.lastAssistantMessage, claimPrefix)) {
    const hash = nonceHash(nonce)
    const claimed = await withLock(homePaths(home).claimLock, { waitMs: claimWaitMs }, async () =>
      claimOne(context, stop, hash),
    )
    if (!claimed.ok || claimed.value !== null) return claimed
  }
  return ok(null)
}

async function claimOne(
  context: Context,
  stop: { readonly sessionId: string; readonly cwd: string },
  hash: Sha256,
): Promise<Result<RunState | null>> {
  const { home } = context.env
  const content = readPending(home, hash)
  if (!content.ok) return content.error.code === 'missing' ? ok(null) : content
  const parsed = schema.safeParse(content.value)
  if (!parsed.success)
    return fail('claim-unreadable', 'the pending request does not hold what a request holds')
  const request = parsed.data as unknown as PendingRequest
  if (request.claimedBy !== undefined && request.claimedBy !== stop.sessionId) return ok(null)
  const root = findRepoRoot(stop.cwd)
  if (root !== request.repoRoot)
    return fail(
      'claim-foreign',
      `the claim token belongs to ${request.repoRoot}, this session works in ${root}`,
    )
  const session = readSession(home, stop.sessionId)
  if (!session.ok) return session
  if (openRun(session.value.state))
    return fail('claim-run-open', 'this session has an open run and cannot claim another')

  const ground = pendingGround(home, request)
  if (!ground.ok) return ground
  if (session.value.state.runs.some((run) => run.runId === request.requestId)) {
    // Its start was finished from the marker after a crash, and the run has ended since.
    removePending(home, hash)
    return ok(null)
  }
  writePending(home, hash, { ...request, claimedBy: stop.sessionId })
  const started = await start(
    context,
    {
      input: request.input,
      sessionId: stop.sessionId,
      root: request.repoRoot,
      mode: 'claim-token',
      armedBy: request.by,
      requestId: request.requestId,
    },
    ground.value,
  )
  if (started.ok) removePending(home, hash)
  return started
}

function pendingGround(home: string, request: PendingRequest): Result<EnableGround> {
  const { requests } = homePaths(home)
  const baseline = loadBaseline(requests, request.baseline)
  if (!baseline.ok) return baseline
  const approval = findApproval(home, request.config.path, request.config.sha256)
  const policy = approval
    ? fromApproval(approval)
    : fail('config-unapproved', 'the approval of the config is gone')
  if (!policy.ok) return policy
  const { copied } = request
  const files = copied && loadCopies(requests, copied.sha256)
  if (files && !files.ok) return files
  return ok({
    policy: policy.value,
    pins: request.pins,
    ...(copied && files ? { copied: { files: files.value, unmatched: copied.unmatched } } : {}),
    ...(request.steps === undefined ? {} : { steps: request.steps }),
    baselines: [baseline.value],
    baselineLabel: 'own',
  })
}
