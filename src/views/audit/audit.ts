import { findTranscripts } from '../../codex/transcript/find.ts'
import { type History, readHistory } from '../../codex/transcript/history.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { type LedgerEvent, sessionOf } from '../../ledger/events.ts'
import { fold } from '../../ledger/fold.ts'
import { namesIn } from '../../base/names-in.ts'
import { readEvents } from '../../ledger/ledger-file.ts'
import { readMarker } from '../../ledger/markers.ts'
import { homePaths, sessionPathsOfKey } from '../../ledger/paths.ts'
import { listSessions } from '../../ledger/sessions.ts'
import { readSession } from '../../ledger/store.ts'
import type { Context } from '../../records/context.ts'
import { readLive } from '../../records/live.ts'
import { type AuditPlace, isHeadElsewhere, leftBehind, auditPlaceOf } from './place.ts'
import { actsIn, recordFindings } from './record.ts'
import { type Finding, type SessionAudit, broken, suspect } from './types.ts'
import { compareTimes, compareWitnesses, reachesForState } from './witness.ts'

/**
 * Verifies again everything that is on record about one session: the whole chain, marker, contract, baselines,
 * approvals, releases, and all of it against Codex's transcript. Reads only; takes nothing on trust that an agent
 * without a sandbox could have written in one place alone.
 */
export function auditSession(context: Context, sessionId: string): SessionAudit {
  const { home, codexHome } = context.env
  const place = auditPlaceOf(home, sessionId)
  const { events, findings } = auditRecord(home, place)
  const record = readSession(home, sessionId)
  if (!record.ok && !findings.some((one) => one.code === record.error.code))
    findings.push(broken(record.error.code, record.error.message))
  if (record.ok)
    for (const one of record.value.findings)
      findings.push((one.code === 'marker-missing' ? broken : suspect)(one.code, one.message))
  // Live records are put away sooner or later; what is archived may have outlived its own.
  if (events.length > 0 && !place.archived && !readLive(home, sessionId))
    findings.push(suspect('live-missing', 'no live record: no session start of this session reported in'))

  const transcripts = findTranscripts(codexHome, sessionId)
  const histories = transcripts.flatMap((file): History[] => {
    const history = readHistory(file)
    if (!history.ok) findings.push(suspect('transcript-unreadable', history.error.message))
    else if (history.value.cut)
      findings.push(suspect('transcript-cut', `${file} is too long to be read whole`))
    return history.ok ? [history.value] : []
  })
  const state = fold(events)
  if (histories.length === 0 && state.runs.some((run) => run.stops > 0))
    findings.push(
      suspect(
        'transcript-missing',
        'Codex has no transcript of this session, so nothing outside confirms the ledger',
      ),
    )
  const compared = compareWitnesses(events, histories, (short) => isHeadElsewhere(home, place, short))
  const acts = actsIn(events)
  const unconfirmed =
    histories.length === 0
      ? compared.findings.filter((one) => one.code !== 'block-unseen')
      : compared.findings
  findings.push(...unconfirmed, ...compareTimes(events, acts, histories), ...reachesForState(home, histories))
  return {
    sessionId,
    ledger: { events: events.length, head: state.head, archived: place.archived },
    runs: state.runs.map((run) => ({
      runId: run.runId,
      objective: run.contract.objective,
      state: run.status,
    })),
    transcripts,
    blocks: { recorded: compared.recorded, confirmed: compared.confirmed },
    acts,
    findings,
  }
}

/**
 * What one ledger says against itself and the files it names, whoever it was written for: chain, contracts, baselines,
 * approvals, releases.
 */
export function auditRecord(
  home: string,
  place: AuditPlace,
): { readonly events: readonly LedgerEvent[]; readonly findings: Finding[] } {
  const { events, findings } = readLedger(place.ledger)
  return { events, findings: [...findings, ...leftBehind(place), ...recordFindings(home, place.dir, events)] }
}

function readLedger(file: string): { events: readonly LedgerEvent[]; findings: Finding[] } {
  const read = readEvents(file)
  if (!read.ok)
    return {
      events: [],
      findings: read.error.code === 'missing' ? [] : [broken('ledger-unreadable', read.error.message)],
    }
  const { events, chain } = read.value
  if (chain.state === 'broken')
    return {
      events,
      findings: [broken('ledger-broken', `${file} is broken at record ${chain.seq}: ${chain.why}`)],
    }
  const findings =
    chain.state === 'torn-tail'
      ? [suspect('torn-tail', `the last write into ${file} was cut short (${chain.torn.bytes} bytes)`)]
      : []
  return { events, findings }
}

/**
 * Ids of the sessions that a repository's audit looks at: those with a run there, those whose hook reported in there
 * (their ledger may have been taken away), and those whose record cannot be read, wherever they belong.
 */
export function sessionsOf(context: Context, cwd: string): string[] {
  const { home } = context.env
  const root = findRepoRoot(cwd)
  const found = new Set<string>()
  for (const { key, session } of listSessions(home)) {
    const marker = readMarker(sessionPathsOfKey(home, key))
    const activations = [
      ...(session.ok ? session.value.state.runs.map((run) => run.activation) : []),
      ...(marker.ok && marker.value ? [marker.value.activation] : []),
    ]
    for (const one of activations) {
      const own = sessionOf(one)
      if (one.repoRoot === root && own !== null) found.add(own)
    }
    // A key that is a hash names no session that could be looked up; those of Codex are ids themselves.
    if (!session.ok && activations.length === 0) found.add(key)
  }
  for (const key of namesIn(homePaths(home).live)) if (readLive(home, key)?.repoRoot === root) found.add(key)
  return [...found].sort()
}
