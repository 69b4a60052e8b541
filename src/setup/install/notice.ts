import fs from 'node:fs'
import path from 'node:path'
import type { ProjectConfig } from '../../contract/types.ts'
import { findRepo } from '../../evidence/git/repo.ts'
import { runGit } from '../../evidence/git/run.ts'
import { readSettings } from '../../evidence/git/settings.ts'
import { openShadow } from '../../evidence/git/shadow.ts'
import { evidenceOptions } from '../../evidence/options.ts'
import type { Context } from '../../records/context.ts'
import { type Noticing, type Source, brokenText, filesToBreak } from './noticing.ts'
import { withCopy } from './throw-away-copy.ts'
import { measuredGround } from './ground.ts'
import { inDirectory, tryGate } from './try-gate.ts'

export interface NoticeRequest {
  readonly root: string
  /** Its commands are test gates that pass on the untouched tree, with the network that they passed with. */
  readonly config: ProjectConfig
  readonly abort: AbortSignal
  /** Called before a file is broken; null: before the gates run in the copy as it is. */
  readonly onFile: (file: string | null) => void
}

/** Breaks a few sources, one at a time in a copy, until a gate notices. Null: interrupted. */
export async function lookWhatIsNoticed(context: Context, request: NoticeRequest): Promise<Noticing | null> {
  const { root, config, abort } = request
  const home = context.env.vars['HOME']
  if (home === undefined || !path.isAbsolute(home)) return { kind: 'not-looked', why: 'no-home' }
  const files = filesToBreak(await trackedSources(context, root))
  if (files.length === 0) return { kind: 'not-looked', why: 'no-source' }
  // Somebody has to listen between two gates too, or Ctrl-C there would end us with the copy left behind.
  const listening = (): void => undefined
  abort.addEventListener('abort', listening)
  const seen = await withCopy(root, { home: fs.realpathSync(home), abort }, async (copy) => {
    request.onFile(null)
    if ((await firstFailure(context, copy, config, abort)) !== null)
      return { kind: 'not-looked', why: 'fails-in-copy' } as const
    for (const file of files) {
      request.onFile(file)
      const at = path.join(copy, file)
      const text = fs.readFileSync(at, 'utf8')
      fs.writeFileSync(at, brokenText(file, text))
      const by = await firstFailure(context, copy, config, abort)
      if (by !== null) return { kind: 'noticed', file, by } as const
      fs.writeFileSync(at, text)
    }
    return { kind: 'unnoticed', files, gates: Object.keys(config.commands) } as const
  })
  abort.removeEventListener('abort', listening)
  if (abort.aborted) return null
  return typeof seen === 'string' ? { kind: 'not-looked', why: seen } : seen
}

/** The gate that does not pass; null when all do. */
async function firstFailure(
  context: Context,
  root: string,
  config: ProjectConfig,
  abort: AbortSignal,
): Promise<string | null> {
  const place = inDirectory(context, measuredGround(context, root, config), abort)
  try {
    for (const gate of Object.values(config.commands)) {
      const { outcome } = await tryGate(place, gate)
      if (outcome.kind !== 'passed') return gate.name
    }
    return null
  } finally {
    place.row.end()
  }
}

/** Regular files that git knows; none where there is no git. */
async function trackedSources({ env }: Context, root: string): Promise<Source[]> {
  const repo = findRepo(root)
  if (repo === null) return []
  const options = evidenceOptions(env)
  const shadow = openShadow(root, repo.format, readSettings(repo, options), options)
  if (!shadow.ok) return []
  const listed = await runGit(repo, shadow.value, { args: ['ls-files', '-z'], cwd: root })
  if (!listed.ok) return []
  return listed.value
    .toString('utf8')
    .split('\0')
    .flatMap((name): Source[] => {
      const stat = name === '' ? undefined : fs.lstatSync(path.join(root, name), { throwIfNoEntry: false })
      return stat?.isFile() === true ? [{ path: name, bytes: stat.size }] : []
    })
}
