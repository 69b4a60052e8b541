import type { HookAnswer, HookPayload } from '../codex/types.ts'
import { findRepoRoot } from '../evidence/repo-root.ts'
import { openMarkers } from '../ledger/held.ts'
import { type Marker, listMarkers } from '../ledger/markers.ts'
import type { Context } from '../records/context.ts'
import { type LiveRecord, readLive, writeLive } from '../records/live.ts'
import { short } from '../verdict/words/short.ts'
import { nothing } from './handled.ts'

type SessionStart = Extract<HookPayload, { event: 'SessionStart' }>

/**
 * A process of Claude Code has one session at a time, so the one that begins ends the one before (`/clear`, `/branch`, `/resume`):
 * its release can be final, and its run is reached by `--resume` again. A daemon of Codex has many at once.
 */
export function leaveFormer({ env }: Context, now: LiveRecord): void {
  if (now.host !== 'claude') return
  for (const { activation } of listMarkers(env.home)) {
    const former = readLive(env.home, activation.origin.sessionId)
    // Where that cannot be written it counts as open until the process ends.
    if (former && isSameProcess(former, now)) writeLive(env.home, { ...former, codex: null, left: now.codex })
  }
}

/** A `clear` or `fork` has a new id: its run stayed with the old session, and only a person may move it, who is told. */
export function strayRuns({ env }: Context, payload: SessionStart, now: LiveRecord | undefined): HookAnswer {
  const moves = payload.source === 'clear' || payload.source === 'fork'
  if (!moves && payload.host !== 'claude') return nothing
  const root = findRepoRoot(payload.cwd)
  const open = openMarkers(env.home)
    .filter(({ activation }) => activation.repoRoot === root)
    .toSorted((a, b) => b.at - a.at)
  const left = open.filter(
    (marker) => now && wasLeftBy(readLive(env.home, marker.activation.origin.sessionId), now),
  )
  const runs = left.length > 0 ? left : moves ? open : []
  const [first] = runs
  if (!first) return nothing
  const text =
    `autonomous-loop: another session of this repository holds an open run: ${runs.map(named).join(', ')}. This session (after ${payload.source}) is not bound by it. ` +
    `The person can move it here with the prompt: autonomous-loop resume ${idOf(first)}`
  return { kind: 'context', event: 'SessionStart', text, systemMessage: text }
}

function wasLeftBy(former: LiveRecord | undefined, { codex }: LiveRecord): boolean {
  const { left } = former ?? {}
  return !!codex && !!left && left.pid === codex.pid && left.start === codex.start
}

function isSameProcess({ codex, sessionId }: LiveRecord, now: LiveRecord): boolean {
  return (
    !!codex && sessionId !== now.sessionId && codex.pid === now.codex?.pid && codex.start === now.codex.start
  )
}

function named({ activation }: Marker): string {
  return `"${short(activation.contract.objective)}" (run ${idOf({ activation })})`
}

function idOf({ activation }: Pick<Marker, 'activation'>): string {
  return activation.runId.slice(0, 12)
}
