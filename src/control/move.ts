import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../base/result.ts'
import type { NewEvent } from '../ledger/events.ts'
import { openMarkers } from '../ledger/held.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { startRun } from '../ledger/start.ts'
import { type Child, type RunState, openRun } from '../ledger/state.ts'
import { append, readSession } from '../ledger/store.ts'
import type { Context } from '../records/context.ts'
import { copiesOfRun } from '../evidence/copies-of-run.ts'

/**
 * Moves an open run to another session (after `clear` or `fork`, which give a new id). The new run starts first, then
 * the old one is closed, so that a crash in between leaves the contract held twice rather than not at all.
 * `run` is a run id or a prefix of at least 8 digits. Codes: no-run, run-ambiguous.
 */
export function moveRun(context: Context, run: string, toSession: string): Result<RunState> {
  const { home } = context.env
  const found = openMarkers(home).filter(
    (marker) => run.length >= 8 && marker.activation.runId.startsWith(run),
  )
  const [marker] = found
  if (!marker)
    return fail('no-run', `no open run starts with "${run.slice(0, 64)}"`, { fix: 'autonomous-loop status' })
  if (found.length > 1) return fail('run-ambiguous', `${found.length} open runs start with "${run}"`)
  const from = marker.activation.origin.sessionId
  if (from === toSession) return fail('already-so', 'the run is in this session already')
  const session = readSession(home, from)
  if (!session.ok) return session
  const open = openRun(session.value.state)
  if (!open) return fail('no-run', 'that run is closed')

  const target = sessionPaths(home, toSession).dir
  fs.mkdirSync(target, { recursive: true, mode: 0o700 })
  const source = sessionPaths(home, from).dir
  for (const name of fs.readdirSync(source).filter((one) => one.startsWith('baseline-')))
    fs.copyFileSync(path.join(source, name), path.join(target, name))
  for (const place of copiesOfRun(source, open.activation))
    if (fs.existsSync(place))
      fs.cpSync(place, path.join(target, path.basename(place)), { recursive: true, preserveTimestamps: true })
  const started = startRun(
    home,
    {
      ...open.activation,
      contract: open.contract,
      origin: {
        ...marker.activation.origin,
        sessionId: toSession,
        formerSessions: [...(marker.activation.origin.formerSessions ?? []), from],
      },
    },
    context.clock(),
  )
  if (!started.ok) return started
  // Sub-agents go on, whoever is their root's judge.
  const known = append(sessionPaths(home, toSession), context.clock, (state) =>
    ok(openRun(state) ? open.children.map(childEvent) : []),
  )
  if (!known.ok) return known
  const closed = append(sessionPaths(home, from), context.clock, (state) =>
    ok(
      openRun(state)
        ? [
            {
              type: 'closed',
              data: { how: 'disabled', by: 'prompt', reason: `moved to session ${toSession}` },
            },
          ]
        : [],
    ),
  )
  if (!closed.ok) return closed
  const moved = openRun(started.value)
  return moved ? ok(moved) : fail('no-run', 'the run was closed meanwhile')
}

function childEvent({ id, agentType, transcript, codex, stoppedAt }: Child): NewEvent {
  const what = stoppedAt === null ? 'started' : 'stopped'
  return { type: 'child', data: { id, what, agentType, transcript, codex } }
}
