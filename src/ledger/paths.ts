import path from 'node:path'
import { sessionKey } from '../base/session-id.ts'

/** Everything in the home that has a fixed place. All absolute when `home` is. */
export interface HomePaths {
  readonly home: string
  readonly machine: string
  readonly bin: string
  readonly armed: string
  readonly live: string
  readonly approved: string
  readonly sessions: string
  readonly requests: string
  readonly archived: string
  /** The empty CODEX_HOME that gates run with. */
  readonly sandboxHome: string
  /** What gates write, while they run. */
  readonly layers: string
  /** Clean rooms of runs. */
  readonly rooms: string
  /** What was made for clean rooms before gates, by repository. */
  readonly prepared: string
  /** What gates wrote in clean rooms of an untouched start, by repository. */
  readonly warm: string
  /** Caches of tools for clean rooms, by repository. */
  readonly caches: string
  /** Log of what concerns no single session. */
  readonly debugLog: string
  /** Lock around the claim of a pending request. */
  readonly claimLock: string
}

export function homePaths(home: string): HomePaths {
  const at = (name: string) => path.join(home, name)
  return {
    home,
    machine: at('machine.json'),
    bin: at('bin'),
    armed: at('armed'),
    live: at('live'),
    approved: at('approved'),
    sessions: at('sessions'),
    requests: at('requests'),
    archived: at('archived'),
    sandboxHome: at('sandbox-home'),
    layers: at('layers'),
    rooms: at('rooms'),
    prepared: at('prepared'),
    warm: at('warm'),
    caches: at('caches'),
    debugLog: at('debug.log'),
    claimLock: at('claim-lock'),
  }
}

/** What to do about a record that does not hold together. */
export const brokenRecordFix =
  'autonomous-loop doctor; a person sets the record aside with: autonomous-loop disable --force --session-id <id>'

/** Where a ledger lies, with what belongs to it. */
export interface LedgerPlace {
  /** Also holds baseline files. */
  readonly dir: string
  readonly ledger: string
  /** Held only around re-fold and append, so that a person's request always gets through. */
  readonly appendLock: string
  /** Held by the one process that judges. */
  readonly judgingLock: string
  /** Logs of gates. */
  readonly gates: string
  /** What the process that judges waits for. */
  readonly progress: string
  /** How the hooks hold the session of this ledger; null for a run that no hook holds. */
  readonly hold: Hold | null
}

/** What the hooks, and the shim before them, hold a session by. */
export interface Hold {
  /** Safe file name of the session; see base/session-id. */
  readonly key: string
  readonly marker: string
  /** Stands beside the ledger as long as the marker should: an open run whose marker was taken away is still looked at. */
  readonly openFlag: string
  /** Left by the shim when `autonomous-loop disable` was typed. */
  readonly disableRequest: string
  /** Left by the shim and by the guard of the deadline: stops that ended without a verdict of the program. */
  readonly unjudgedNote: string
}

/** Where one session keeps its things. */
export interface SessionPaths extends LedgerPlace, Hold {
  readonly hold: Hold
  /** Held while the spool is taken in: two hooks of one stop must not carry out the same request twice. */
  readonly intakeLock: string
  readonly debugLog: string
}

/** A ledger that no hook holds, such as that of an attempt: everything of it lies in one directory. */
export function placeIn(dir: string): LedgerPlace {
  return {
    dir,
    ledger: path.join(dir, 'ledger.jsonl'),
    appendLock: path.join(dir, 'append'),
    judgingLock: path.join(dir, 'judging'),
    gates: path.join(dir, 'gates'),
    progress: path.join(dir, 'progress.json'),
    hold: null,
  }
}

export function sessionPaths(home: string, sessionId: string): SessionPaths {
  return sessionPathsOfKey(home, sessionKey(sessionId))
}

/** As sessionPaths, for a name found in `sessions/` or `armed/`. */
export function sessionPathsOfKey(home: string, key: string): SessionPaths {
  const { sessions, armed, requests } = homePaths(home)
  const dir = path.join(sessions, key)
  const hold = {
    key,
    marker: path.join(armed, key),
    openFlag: path.join(dir, 'open'),
    disableRequest: path.join(requests, `disable-${key}`),
    unjudgedNote: path.join(requests, `unjudged-${key}`),
  }
  return {
    ...placeIn(dir),
    ...hold,
    hold,
    intakeLock: path.join(dir, 'intake'),
    debugLog: path.join(dir, 'debug.log'),
  }
}

/** The marker of an open run; the shim looks only whether it exists. */
export function markerPath(home: string, sessionId: string): string {
  return sessionPaths(home, sessionId).marker
}

/** The marker of an unclaimed request. */
export function pendingMarkerPath(home: string, nonceHash: string): string {
  return path.join(homePaths(home).armed, `pending-${nonceHash}`)
}

/** The nonce hash in the name of a pending marker; undefined for any other name. */
export function nonceHashOf(name: string): string | undefined {
  return /^pending-([0-9a-f]{64})$/.exec(name)?.[1]
}
