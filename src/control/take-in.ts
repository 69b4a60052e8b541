import * as z from 'zod/mini'
import { type Result, fail, ok } from '../base/result.ts'
import type { JsonObject } from '../base/json.ts'
import { parseBaseline } from '../evidence/baseline-file.ts'
import { commitBaseline } from '../evidence/baseline.ts'
import { compareWith } from '../evidence/compare.ts'
import type { RunState } from '../ledger/state.ts'
import { openRun } from '../ledger/state.ts'
import { readSession } from '../ledger/store.ts'
import type { Context } from './context.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { type Ground, start } from './enable.ts'
import { refine } from './refine.ts'
import type { LiveRecord } from './live.ts'
import { findApproval } from './approvals.ts'
import { fromApproval } from './policy.ts'
import { defaultSpool, dropSpooled, readSpool } from './spool.ts'
import { askToWait } from './wait.ts'

/** What an agent in the sandbox leaves in the spool. Only obligations and a cry for help; everything else is refused by name. */
export const spooledEnable = z.strictObject({
  v: z.literal(1),
  action: z.literal('enable'),
  requestId: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  sessionId: z.string(),
  root: z.string(),
  objective: z.string().check(z.minLength(1), z.maxLength(20_000)),
  taskTexts: z.array(z.string()).check(z.maxLength(500)),
  gateProfile: z.nullable(z.string()),
  maxStopIterations: z.nullable(z.number()),
  baseline: z.unknown(),
})
export const spooledWait = z.strictObject({
  v: z.literal(1),
  action: z.literal('wait'),
  requestId: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  sessionId: z.string(),
  reason: z.string().check(z.maxLength(4_000)),
  token: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
})
export type SpooledEnable = z.infer<typeof spooledEnable>
export type SpooledWait = z.infer<typeof spooledWait>

export interface TakenIn {
  /** Actions carried out. */
  readonly applied: readonly string[]
  /** What was refused, in words for agent and person. */
  readonly refused: readonly string[]
  /** Files of the refused requests: they stay until a stop has told of them (`dropSpooled`). */
  readonly refusedFiles: readonly string[]
}

/**
 * Takes in everything this session's spool holds, oldest first. What was carried out is gone afterwards. A request is
 * carried out at most once: its id is the run's id, or stands in the ledger's `refined` event.
 */
export async function takeIn(
  context: Context,
  sessionId: string,
  live: LiveRecord | undefined,
): Promise<TakenIn> {
  const { uid } = context.env
  const applied: string[] = []
  const refused: string[] = []
  const refusedFiles: string[] = []
  for (const { file, content } of readSpool(live?.spool ?? defaultSpool(uid, sessionId), uid)) {
    const done = content.ok ? await takeOne(context, sessionId, live, content.value) : content
    if (!done.ok && done.error.code !== 'already-taken') {
      refused.push(done.error.message)
      refusedFiles.push(file)
      continue
    }
    if (done.ok) applied.push(done.value)
    dropSpooled(file, uid)
  }
  return { applied, refused, refusedFiles }
}

async function takeOne(
  context: Context,
  sessionId: string,
  live: LiveRecord | undefined,
  content: unknown,
): Promise<Result<string>> {
  const action = (content as JsonObject | null)?.['action']
  if (action === 'wait') {
    const request = spooledWait.safeParse(content)
    if (!request.success) return malformed('wait', request.error)
    if (request.data.sessionId !== sessionId) return foreign(request.data.sessionId)
    const asked = askToWait(context, sessionId, {
      reason: request.data.reason,
      token: request.data.token,
      by: 'agent',
    })
    return asked.ok ? ok('wait') : asked
  }
  if (action === 'enable') {
    const request = spooledEnable.safeParse(content)
    if (!request.success) return malformed('enable', request.error)
    if (request.data.sessionId !== sessionId) return foreign(request.data.sessionId)
    const taken = await takeEnable(context, live, request.data)
    return taken.ok ? ok('enable') : taken
  }
  return fail(
    'spool-action',
    `a spooled request asked for ${JSON.stringify(action ?? null)}; only enable and wait are taken from an agent`,
  )
}

async function takeEnable(
  context: Context,
  live: LiveRecord | undefined,
  request: SpooledEnable,
): Promise<Result<RunState>> {
  const session = readSession(context.env.home, request.sessionId)
  if (!session.ok) return session
  if (
    session.value.state.runs.some(
      (run) => run.runId === request.requestId || run.requestIds.includes(request.requestId),
    )
  )
    return fail('already-taken', 'this request was taken in before')

  const parts = {
    input: {
      objective: request.objective,
      taskTexts: request.taskTexts,
      gateProfile: request.gateProfile,
      maxStopIterations: request.maxStopIterations,
    },
    sessionId: request.sessionId,
    root: request.root,
    mode: 'spooled',
    armedBy: 'agent',
    requestId: request.requestId,
  } as const
  const open = openRun(session.value.state)
  if (open) return refine(context, open, parts)

  const ground = spooledGround(context, live, request)
  if (!ground.ok) return ground
  // A report that cannot even be compared with (a commit that does not exist) would make every later stop fail.
  const usable = await compareWith(request.root, ground.value.baselines, [], evidenceOptions(context.env))
  return usable.ok ? start(context, parts, ground.value) : usable
}

/**
 * The ground of a spooled start: nothing an agent could have prepared counts alone. Policy and pins are those that
 * SessionStart saw before the agent acted; a path counts as changed only if it differs from the reported baseline AND
 * from HEAD as the live record holds it.
 */
function spooledGround(
  context: Context,
  live: LiveRecord | undefined,
  request: SpooledEnable,
): Result<Ground> {
  if (!live?.config || !live.pins)
    return fail(
      'no-live-record',
      'the enable request was refused: no session start of this session saw an approved config',
      {
        fix: 'the person types the prompt: $autonomous-loop <objective>',
      },
    )
  if (request.root !== live.repoRoot)
    return fail(
      'foreign-root',
      `the enable request was refused: it names ${request.root}, this session works in ${live.repoRoot}`,
    )
  const approval = findApproval(context.env.home, live.config.path, live.config.sha256)
  const policy = approval
    ? fromApproval(approval)
    : fail('config-unapproved', 'the approval of the config is gone')
  if (!policy.ok) return policy
  const reported = parseBaseline(request.baseline)
  if (!reported.ok) return reported
  // Without git, or before the first commit, there is nothing out of the agent's reach to hold the report against.
  const head =
    reported.value.kind === 'git' && live.head !== null
      ? commitBaseline(live.repoRoot, live.head, evidenceOptions(context.env))
      : null
  return ok({
    policy: policy.value,
    pins: live.pins,
    baselines: head ? [reported.value, head] : [reported.value],
    baselineLabel: head ? 'own' : 'agent-reported',
  })
}

function malformed(
  action: string,
  error: { readonly issues: readonly { path: PropertyKey[]; message: string }[] },
): Result<never> {
  const where = error.issues
    .map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`)
    .slice(0, 5)
  return fail('spool-malformed', `a spooled ${action} request was refused: ${where.join('; ')}`)
}

function foreign(sessionId: string): Result<never> {
  return fail(
    'spool-foreign',
    `a spooled request names another session (${sessionId.slice(0, 64)}) and was refused`,
  )
}
