import fs from 'node:fs'
import path from 'node:path'
import { readFileSafe } from '../base/read-file.ts'
import type { Context } from '../records/context.ts'
import { runningCodex, startErrand } from './errand.ts'

/** Longer than Codex's app server needs to start and answer; the errand goes on by itself after it. */
const waitMs = 5_000
const maxBytes = 32_000_000

/**
 * Pauses an active goal of this session, because Codex would otherwise begin another turn as soon as this one has
 * ended, whatever we answer (measured on 0.169: 10 ms later). Waited for: paused afterwards would be one turn too many.
 * Costs nothing for a session whose id is nowhere in Codex's table of goals.
 */
export async function pauseGoal(context: Context, sessionId: string): Promise<void> {
  if (!mayHaveGoal(context.env.codexHome, sessionId)) return
  const codex = runningCodex(context, sessionId)
  const errand = startErrand(
    context,
    ['goal-pause', '--session-id', sessionId],
    codex ? { AUTOLOOP_CODEX: codex } : {},
  )
  if (!errand) return
  let timer: NodeJS.Timeout | undefined
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs)
    errand.once('exit', () => resolve())
    errand.once('error', () => resolve())
  })
  clearTimeout(timer)
}

/**
 * Whether Codex's table of goals (SQLite, its newest rows in the `-wal` beside it) names this session at all. Node 20
 * cannot read it, but an id stands in it as it is. What cannot be looked through may hold one.
 */
export function mayHaveGoal(codexHome: string, sessionId: string): boolean {
  return goalFiles(codexHome).some((file) => {
    const bytes = readFileSafe(file, { maxBytes, follow: true })
    return bytes.ok ? bytes.value.includes(sessionId) : bytes.error.code !== 'missing'
  })
}

function goalFiles(codexHome: string): string[] {
  try {
    return fs
      .readdirSync(codexHome)
      .filter((name) => /^goals_\d+\.sqlite(?:-wal)?$/.test(name))
      .map((name) => path.join(codexHome, name))
  } catch {
    return []
  }
}
