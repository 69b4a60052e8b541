import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../base/names-in.ts'
import { homePaths, placeIn, sessionPathsOfKey } from '../ledger/paths.ts'

/** All logs of gates in a home together. Bytes. */
export const MOST_LOGS = 2 ** 30

interface Log {
  readonly file: string
  readonly bytes: number
  readonly at: number
}

/**
 * Removes the oldest logs of gates until the rest is within the limit, never of a session with an open run. The record of a
 * run keeps the beginning and the end of what its gates wrote. Gives what went, relative to the home.
 */
export function tidyLogs(home: string, most: number = MOST_LOGS): string[] {
  const { sessions, archived } = homePaths(home)
  const all = [sessions, path.join(archived, 'sessions')].flatMap((parent) =>
    namesIn(parent).flatMap((name) => logsIn(placeIn(path.join(parent, name)).gates)),
  )
  let bytes = all.reduce((sum, log) => sum + log.bytes, 0)
  const gone: string[] = []
  for (const log of all.sort((a, b) => a.at - b.at)) {
    if (bytes <= most) break
    if (isOpen(home, log.file)) continue
    fs.rmSync(log.file, { force: true })
    bytes -= log.bytes
    gone.push(path.relative(home, log.file))
  }
  return gone
}

function logsIn(dir: string): Log[] {
  return namesIn(dir).flatMap((name) => {
    const file = path.join(dir, name)
    const stat = name.endsWith('.log') ? fs.lstatSync(file, { throwIfNoEntry: false }) : undefined
    return stat?.isFile() ? [{ file, bytes: stat.blocks * 512, at: stat.mtimeMs }] : []
  })
}

function isOpen(home: string, file: string): boolean {
  const { sessions } = homePaths(home)
  const [key = '', ...rest] = path.relative(sessions, file).split(path.sep)
  if (key === '..' || rest.length === 0) return false
  const { openFlag, marker } = sessionPathsOfKey(home, key)
  return fs.existsSync(openFlag) || fs.existsSync(marker)
}
