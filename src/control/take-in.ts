import path from 'node:path'
import { type JsonObject, isObject } from '../base/json.ts'
import { type Failure, type Result, fail, ok } from '../base/result.ts'
import { parseBaseline } from '../evidence/baseline-file.ts'
import { commitBaseline } from '../evidence/baseline.ts'
import { compareWith } from '../evidence/compare.ts'
import { freezeReport } from '../evidence/git/freeze.ts'
import type { Baseline } from '../evidence/types.ts'
import type { RunState } from '../ledger/state.ts'
import { openRun } from '../ledger/state.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { append, readSession } from '../ledger/store.ts'
import type { Context } from '../records/context.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { copiesNow } from './copies.ts'
import { type EnableGround, start } from './enable.ts'
import { refine } from './refine.ts'
import type { LiveRecord } from '../records/live.ts'
import { findApproval } from '../records/approvals.ts'
import { fromApproval } from '../records/policy.ts'
import { type Witness, isShown } from './shown.ts'
import { dropSpooled, readSpool, spoolOf } from './spool.ts'
import { type SpooledEnable, sealOf, spooledEnable, spooledWait } from './spooled-request.ts'
import { askToWait } from './wait.ts'

export interface TakenIn {
  /** Actions carried out. */
  readonly applied: readonly string[]
  /** Requests of this session that were refused, in words for agent and person. */
  readonly refused: readonly string[]
  /** The same for what nothing shows to be this session's: every agent can leave such files here. */
  readonly strange: readonly string[]
  /** Files of the refused requests: they stay until a stop has told of them (`dropSpooled`). */
  readonly refusedFiles: readonly string[]
}

/**
 * Takes in what this session left in its spool, oldest first. What was carried out is gone afterwards; what nothing shows
 * to be its own stays until a stop refuses it. A request is carried out at most once: its id is the run's id, or stands in
 * the ledger's `refined` event.
 */
export async function takeIn(
  context: Context,
  live: LiveRecord | undefined,
  witness: Witness,
): Promise<TakenIn> {
  const { uid } = context.env
  const applied: string[] = []
  // Reasons, each told once: an agent can leave many files.
  const refused = new Set<string>()
  const strange = new Set<string>()
  const refusedFiles: string[] = []
  for (const { file, content } of readSpool(spoolOf(uid, live, witness.sessionId), uid)) {
    const read = content()
    const own = read.ok ? ownRequest(context, witness, read.value) : unnamed(file, read.error)
    if (!own.ok && own.error.code === 'foreign-request' && !witness.final) continue
    const done = own.ok ? await carryOut(context, live, witness.sessionId, own.value) : own
    if (!done.ok && done.error.code !== 'already-taken') {
      const reasons = own.ok ? refused : strange
      reasons.add(done.error.message)
      refusedFiles.push(file)
      continue
    }
    if (done.ok) applied.push(done.value)
    dropSpooled(file, uid)
  }
  return { applied, refused: [...refused], strange: [...strange], refusedFiles }
}

/** Until it is shown whose words they are, none of a request's words are repeated: they would be told with our authority. */
function ownRequest(context: Context, witness: Witness, content: unknown): Result<JsonObject> {
  const request = isObject(content) ? content : {}
  const { action } = request
  if (action !== 'wait' && action !== 'enable') {
    const word = typeof action === 'string' && /^[a-z]{1,16}$/.test(action) ? `"${action}"` : 'something else'
    return fail(
      'spool-action',
      `a spooled request asked for ${word}; only enable and wait are taken from an agent`,
    )
  }
  if (request['sessionId'] !== witness.sessionId)
    return fail('spool-foreign', 'a spooled request names another session and was refused')
  const id = sealOf(request)
  return id === null || !isShown(witness, id) ? foreign(context, witness) : ok(request)
}

async function carryOut(
  context: Context,
  live: LiveRecord | undefined,
  sessionId: string,
  own: JsonObject,
): Promise<Result<string>> {
  if (own['action'] === 'wait') {
    const request = spooledWait.safeParse(own)
    if (!request.success) return malformed('wait', request.error)
    const { reason, token } = request.data
    const asked = askToWait(context, sessionId, { reason, token, by: 'agent' })
    return asked.ok ? ok('wait') : asked
  }
  const request = spooledEnable.safeParse(own)
  if (!request.success) return malformed('enable', request.error)
  const taken = await takeEnable(context, live, request.data)
  return taken.ok ? ok('enable') : taken
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
      scope: request.scope ?? null,
    },
    sessionId: request.sessionId,
    root: request.root,
    mode: 'spooled',
    armedBy: 'agent',
    requestId: request.requestId,
  } as const
  const open = openRun(session.value.state)
  if (open) return refine(context, open, parts)

  const trusted = spooledGround(context, live, request)
  if (!trusted.ok) return trusted
  const copied = await copiesNow(context, request.root, trusted.value.policy.config)
  if (!copied.ok) return copied
  const ground = { ...trusted.value, ...(copied.value === null ? {} : { copied: copied.value }) }
  // A report that cannot even be compared with (a commit that does not exist) would make every later stop fail.
  const usable = await compareWith(request.root, ground.baselines, [], evidenceOptions(context.env))
  if (!usable.ok) return usable
  const baselines = await frozen(context, request.root, ground.baselines)
  return start(context, parts, { ...ground, baselines })
}

/** On a list of our own where one can be made; else the run goes on by its commits. */
async function frozen(
  context: Context,
  root: string,
  baselines: readonly Baseline[],
): Promise<readonly Baseline[]> {
  const [reported, head] = baselines
  if (reported?.kind !== 'git' || head?.kind !== 'git') return baselines
  const pair = await freezeReport(root, reported, head, evidenceOptions(context.env))
  return pair.ok ? pair.value : baselines
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
): Result<EnableGround> {
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
      ? commitBaseline(live.repoRoot, live.head, evidenceOptions(context.env), live.refs)
      : null
  return ok({
    policy: policy.value,
    pins: live.pins,
    ...(live.steps === undefined ? {} : { steps: live.steps }),
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

/** Says so in the ledger as well, where there is a run that a foreign request was meant to change. */
function foreign(context: Context, { sessionId, final }: Witness): Result<never> {
  if (final)
    append(sessionPaths(context.env.home, sessionId), context.clock, (state) =>
      ok(
        openRun(state)
          ? [{ type: 'refused', data: { action: 'spooled', by: 'agent', why: 'foreign-request' } }]
          : [],
      ),
    )
  return fail(
    'foreign-request',
    'a request is in the spool of this session, and no command of this session is known to have left it. If it is yours, make it again as a command of its own and let its whole output stand (without a transcript: put its request_id into your last message); if it is not, there is nothing to do',
  )
}

/** Names of files are words of whoever left them. */
function unnamed(file: string, { code, message }: Failure): Result<never> {
  const known = /^[\da-f-]*\.json$/.test(path.basename(file))
  return fail(code, known ? message : message.replaceAll(file, `a file in ${path.dirname(file)}`))
}
