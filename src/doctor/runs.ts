import fs from 'node:fs'
import path from 'node:path'
import { planRooms } from '../setup/rooms/plan.ts'
import { roomSizes } from '../setup/rooms/size.ts'
import { unheldSessions } from '../views/set-up.ts'
import { status } from '../views/status.ts'
import { homePaths } from '../ledger/paths.ts'
import { type ListedSession, listSessions } from '../ledger/sessions.ts'
import { openRun } from '../ledger/state.ts'
import { listPending } from '../ledger/pending.ts'
import { type Check, type Checks, failed, passed } from './check.ts'
import type { DoctorLook } from './look.ts'

export function runChecks(look: DoctorLook): Checks {
  const sessions = listSessions(look.context.env.home)
  return { open_runs: openRuns(look, sessions), runtime_hygiene: hygiene(look) }
}

/** An open run that the hooks cannot see, or whose record does not hold together, is a run that nobody enforces. */
function openRuns(look: DoctorLook, sessions: readonly ListedSession[]): Check {
  const open = sessions.filter(({ session }) => session.ok && openRun(session.value.state))
  const data = { open: open.map(({ key }) => key) }
  for (const { key, session } of sessions) {
    const finding = session.ok ? session.value.findings[0] : session.error
    if (finding)
      return failed(`session ${key}: ${finding.message}`, finding.fix ?? 'autonomous-loop status', {
        ...data,
        error_code: finding.code,
        session: key,
      })
  }
  const [unheld] = unheldSessions(look.context)
  return unheld === undefined
    ? passed(data)
    : failed(
        `session ${unheld} began while Codex did not run our Stop hook, so nothing holds its run`,
        `codex resume ${unheld}`,
        data,
      )
}

const expiredMs = 24 * 3_600_000
const largeLog = 10_000_000

function hygiene({ context, cwd }: DoctorLook): Check {
  const { home } = context.env
  const now = context.clock()
  const known = status(context, cwd, null)
  const stale = known.ok ? known.value.hygiene.stale_open : []
  const expired = listPending(home).filter((pending) => now - pending.at > expiredMs)
  const log = fs.statSync(homePaths(home).debugLog, { throwIfNoEntry: false })?.size ?? 0
  const planned = planRooms(context)
  const data = {
    stale_open: stale,
    expired_requests: expired.length,
    debug_log_bytes: log,
    ...roomSizes(home),
    removable: planned.map((one) => path.relative(home, one.path)),
  }
  if (stale.length > 0)
    return failed(
      `open runs that were silent for 8 hours: ${stale.join(', ')}`,
      'autonomous-loop cleanup --apply',
      data,
    )
  if (expired.length > 0)
    return failed(
      `${expired.length} requests that nobody claimed in a day`,
      'autonomous-loop cleanup --apply',
      data,
    )
  const killed = planned.filter((one) => one.why === 'killed' || one.why === 'orphan')
  if (killed.length > 0)
    return failed(
      `${killed.length} clean rooms, layers or copies of ignored files are left that nobody will use`,
      'autonomous-loop tidy',
      data,
    )
  if (log > largeLog)
    return failed(
      `the hooks have written ${log} bytes of errors`,
      `look at ${homePaths(home).debugLog}`,
      data,
    )
  return passed(data)
}
