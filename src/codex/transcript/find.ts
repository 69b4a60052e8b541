import fs from 'node:fs'
import path from 'node:path'

/** Codex files rollouts by year, month and day; more directories than this are no such tree. */
const MAX_DIRECTORIES = 20_000

/**
 * Transcripts of a session, newest name last: `sessions/YYYY/MM/DD/rollout-<time>-<session id>.jsonl`, and those Codex
 * has archived. Never follows links. Empty when there are none (`--ephemeral`, or deleted).
 */
export function findTranscripts(codexHome: string, sessionId: string): string[] {
  const wanted = `-${sessionId}.jsonl`
  const found: string[] = []
  let looked = 0
  const walk = (dir: string, depth: number): void => {
    if ((looked += 1) > MAX_DIRECTORIES) return
    for (const entry of entriesOf(dir)) {
      const file = path.join(dir, entry.name)
      if (entry.isDirectory() && depth > 0) walk(file, depth - 1)
      else if (entry.isFile() && entry.name.startsWith('rollout-') && entry.name.endsWith(wanted))
        found.push(file)
    }
  }
  for (const top of ['sessions', 'archived_sessions']) walk(path.join(codexHome, top), 3)
  return found.sort()
}

function entriesOf(dir: string): fs.Dirent[] {
  try {
    return fs.readdirSync(dir, { withFileTypes: true })
  } catch {
    return []
  }
}
