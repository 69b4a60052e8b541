import fs from 'node:fs'
import path from 'node:path'
import { isObject, parseJson } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import { writeFileWhole } from '../base/write-file.ts'
import type { LegacyHook } from '../codex/hooks-file/json.ts'
import { namesIn } from '../base/names-in.ts'
import { homePaths } from '../ledger/paths.ts'

/** A run that the original autonomous-loop (up to 0.2) still held. */
export interface OriginalRun {
  readonly sessionId: string
  readonly repoRoot: string
  readonly objective: string
  readonly state: string
}

/** What the original left in the home. */
export interface Original {
  /** Its machine.json is there. */
  readonly machine: boolean
  /** Its state directory is there. */
  readonly state: boolean
  readonly liveRuns: readonly OriginalRun[]
}

/** Looks only. Null: nothing of the original is here. */
export function findOriginal(home: string): Original | null {
  const text = readTextSafe(homePaths(home).machine, { maxBytes: 1_000_000 })
  const json = text.ok ? parseJson(text.value, 'machine.json') : text
  const machine = json.ok && isObject(json.value) && json.value['command_mode'] === 'absolute-cli'
  const repos = path.join(home, 'repos')
  const state = fs.lstatSync(repos, { throwIfNoEntry: false })?.isDirectory() === true
  if (!machine && !state) return null
  const liveRuns = namesIn(repos).flatMap((repo) => {
    const sessions = path.join(repos, repo, 'sessions')
    return namesIn(sessions).flatMap((name) => liveRun(path.join(sessions, name, 'state.json')))
  })
  return { machine, state, liveRuns }
}

function liveRun(file: string): OriginalRun[] {
  const text = readTextSafe(file, { maxBytes: 4_000_000 })
  const json = text.ok ? parseJson(text.value, file) : text
  if (!json.ok || !isObject(json.value)) return []
  const run = json.value
  if (run['active'] !== true && run['paused'] !== true) return []
  return [
    {
      sessionId: String(run['session_id']),
      repoRoot: String(run['repo_root']),
      objective: String(run['objective']),
      state: String(run['state']),
    },
  ]
}

/**
 * Puts everything of the original into `archived/original-<now>`, with a note for whoever looks there: nothing is deleted.
 * `before`: the files that are about to be changed, as they are. Answers with the directory. Throws on a system error.
 */
export function archiveOriginal(
  home: string,
  original: Original | null,
  before: readonly { readonly path: string; readonly text: string }[],
  now: number,
): string {
  const { archived, machine } = homePaths(home)
  const dir = path.join(archived, `original-${Math.trunc(now)}`)
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (original?.machine) fs.copyFileSync(machine, path.join(dir, 'machine.json'))
  for (const { path: file, text } of before) writeFileWhole(path.join(dir, path.basename(file)), text)
  writeFileWhole(path.join(dir, 'NOTE.txt'), noteOf(original, before, now))
  // Last: while it is in its place, a repeated call finds it again.
  if (original?.state) fs.renameSync(path.join(home, 'repos'), path.join(dir, 'repos'))
  return dir
}

function noteOf(
  original: Original | null,
  before: readonly { readonly path: string }[],
  now: number,
): string {
  const runs = original?.liveRuns ?? []
  return [
    `Put here by autonomous-loop bootstrap on ${new Date(now).toISOString()}: what the original autonomous-loop left.`,
    ...before.map(({ path: file }) => `${path.basename(file)} is ${file} as it was.`),
    runs.length === 0
      ? 'No run of the original was open.'
      : 'Runs that were open and are held by nobody now. Start them again with: $autonomous-loop <objective>',
    ...runs.map(
      ({ objective, repoRoot, sessionId, state }) =>
        `- ${JSON.stringify(objective)} in ${repoRoot} (session ${sessionId}, ${state})`,
    ),
    '',
  ].join('\n')
}

/** What a person is told before or after it. */
export function originalNotes(original: Original | null, taken: readonly LegacyHook[]): string[] {
  const runs = original?.liveRuns ?? []
  return [
    ...(taken.length > 0
      ? [`${taken.length} hooks of the original autonomous-loop in hooks.json are replaced by ours`]
      : []),
    ...(original
      ? ['what the original autonomous-loop left in the home is archived; nothing is deleted']
      : []),
    ...runs.map(
      ({ objective, repoRoot }) =>
        `a run of the original was open and is not held any more: ${JSON.stringify(objective)} in ${repoRoot}`,
    ),
  ]
}
