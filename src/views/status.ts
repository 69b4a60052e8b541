import path from 'node:path'
import { isObject } from '../base/json.ts'
import { type Result, ok } from '../base/result.ts'
import { findRepoRoot, repoHash } from '../evidence/repo-root.ts'
import { archivedCounts } from '../ledger/archive.ts'
import { sessionOf } from '../ledger/events.ts'
import { listPending } from '../ledger/pending.ts'
import { listSessions } from '../ledger/sessions.ts'
import type { RunStatus } from '../verdict/standing.ts'
import type { Context } from '../records/context.ts'
import { type LiveRecord, listLive } from '../records/live.ts'
import { iso } from './iso.ts'
import { type SessionStatus, nextOf, sessionStatus } from './session-status.ts'
import { readSpool } from '../control/spool.ts'
import { type SetUp, type StopHook, setUpOf, stopHookOf, unheldSessions } from './set-up.ts'
import { stateCode } from './state-code.ts'

/** A request that an agent left in the sandbox and that no hook has taken in yet. Everything in it is the agent's word. */
export interface SpooledRequest {
  readonly session_id: string
  readonly action: string
  readonly objective: string
  readonly created_at: string
}

export interface Status {
  readonly repo_root: string
  readonly repo_hash: string
  readonly set_up: SetUp
  readonly stop_hook: StopHook | null
  /** Sessions with an open run that began while Codex did not run our Stop hook. */
  readonly unheld_sessions: readonly string[]
  /** Runs of this repository, newest first. */
  readonly sessions: readonly SessionStatus[]
  readonly pending_requests: readonly {
    readonly request_id: string
    readonly objective: string
    readonly created_at: string
  }[]
  readonly spooled_requests: readonly SpooledRequest[]
  readonly archived_counts: { readonly sessions: number; readonly requests: number }
  readonly hygiene: {
    readonly unreadable: readonly { readonly session: string; readonly reason: string }[]
    readonly stale_open: readonly string[]
  }
}

/** One session, or one run of it. */
export interface AskedSession {
  readonly sessionId: string
  readonly runId: string | null
}

const staleMs = 8 * 3_600_000

/** What is recorded about a repository, about one session wherever it works, or (`'all'`) about this machine. Reads only. */
export function status(
  context: Context,
  cwd: string,
  asked: AskedSession | null,
  scope: 'repository' | 'all' = 'repository',
): Result<Status> {
  const { home } = context.env
  const root = findRepoRoot(cwd)
  const sessions: SessionStatus[] = []
  const unreadable: { session: string; reason: string }[] = []
  for (const one of listSessions(home)) {
    if (!one.session.ok) {
      unreadable.push({ session: one.key, reason: one.session.error.message })
      continue
    }
    for (const run of one.session.value.state.runs) {
      const own = sessionOf(run.activation)
      const concerns =
        asked !== null
          ? own === asked.sessionId && (asked.runId ?? run.runId) === run.runId
          : scope === 'all' || run.activation.repoRoot === root
      if (own !== null && concerns) sessions.push(sessionStatus(context.env, run, own))
    }
  }
  sessions.sort((a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0))
  const now = context.clock()
  return ok({
    repo_root: root,
    repo_hash: repoHash(root),
    set_up: setUpOf(context, root),
    stop_hook: stopHookOf(context),
    unheld_sessions: unheldSessions(context),
    sessions: sessions.map((one, index) => ({ ...one, next: nextOf(one, index === 0) })),
    spooled_requests: spooledRequests(context, (live) =>
      asked !== null ? live.sessionId === asked.sessionId : scope === 'all' || live.repoRoot === root,
    ),
    pending_requests: listPending(home).flatMap((pending) => {
      const request = pending.content as unknown as {
        requestId?: unknown
        repoRoot?: unknown
        at?: unknown
        input?: { objective?: unknown }
      }
      return scope === 'all' || request.repoRoot === root
        ? [
            {
              request_id: String(request.requestId),
              objective: typeof request.input?.objective === 'string' ? request.input.objective : '',
              created_at: iso(Number(request.at)),
            },
          ]
        : []
    }),
    archived_counts: archivedCounts(home),
    hygiene: {
      unreadable,
      stale_open: sessions
        .filter((one) => isOpenStatus(one.state) && now - Date.parse(one.heartbeat_at) > staleMs)
        .map((one) => one.session_id),
    },
  })
}

/** The run that `status --check` is about: the open one, else the newest. */
export function checkedRun(sessions: readonly SessionStatus[]): SessionStatus | undefined {
  return sessions.find((one) => isOpenStatus(one.state)) ?? sessions[0]
}

/** Exit code of `status --check`: how that run stands, as scripts and CI read it. */
export function checkCode(sessions: readonly SessionStatus[]): number {
  return stateCode(checkedRun(sessions)?.state ?? null)
}

function isOpenStatus(state: RunStatus): boolean {
  return state === 'active' || state === 'paused' || state === 'parked' || state === 'halted'
}

/** Looks into the spool of every session that has a live record; what is no request is left to the hook, which refuses it by name. */
function spooledRequests(context: Context, concerns: (live: LiveRecord) => boolean): SpooledRequest[] {
  const { home, uid } = context.env
  return listLive(home)
    .filter(concerns)
    .flatMap((live) =>
      readSpool(live.spool, uid).flatMap(({ file, content }) => {
        const read = content()
        if (!read.ok || !isObject(read.value)) return []
        const { action, objective, reason } = read.value
        const said = typeof objective === 'string' ? objective : typeof reason === 'string' ? reason : ''
        return [
          {
            session_id: live.sessionId,
            action: typeof action === 'string' ? action.slice(0, 40) : 'unknown',
            objective: said.slice(0, 1_000),
            created_at: iso(Number(/^\d{15}/.exec(path.basename(file))?.[0])),
          },
        ]
      }),
    )
}
