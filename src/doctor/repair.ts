import fs from 'node:fs'
import { systemWords } from '../base/system-words.ts'
import type { Context } from '../records/context.ts'
import { takeLock } from '../supervisor/batch/lock.ts'
import { repoPaths } from '../supervisor/batch/paths.ts'
import { type Site, siteOf } from '../supervisor/batch/site.ts'
import { openDirectories } from './batches/place.ts'
import { mendNotes } from './batches/mend-notes.ts'
import { mendProcesses } from './batches/mend-processes.ts'
import { mendTrees } from './batches/mend-trees.ts'
import { type LeftAlone, type Mended, type Repaired, mended } from './repaired.ts'

/**
 * Does what is safe and needs no choice: nothing that may be a person's work is removed without being kept first, nothing of a process
 * that is alive is touched, and no record of a batch or session is written. Each part that fails is told, and the others are done.
 */
export async function repair(context: Context, cwd: string): Promise<Repaired> {
  const site = siteOf(cwd)
  const parts = [
    attempt(context.env.home, () => ({ did: writableHome(context.env.home), left: [] })),
    ...(site.ok ? [() => repairBatches(context, site.value)] : []),
  ]
  return together(parts)
}

async function repairBatches(context: Context, site: Site): Promise<Repaired> {
  const { home } = context.env
  const repo = repoPaths(home, site.repoId)
  if (!fs.existsSync(repo.dir)) return { did: [], left: [] }
  const lock = takeLock(repo.lock)
  if (!lock.ok)
    return {
      did: [],
      left: [
        {
          name: repo.dir,
          why:
            lock.error.code === 'batch-running'
              ? 'a process works at it, and what is there is its own'
              : lock.error.message,
        },
      ],
    }
  try {
    return await together([
      attempt(repo.dir, () => ({ did: modes(openDirectories({ repo, context })), left: [] })),
      attempt(repo.dir, () => mendProcesses(context, site)),
      attempt(repo.dir, () => mendTrees(context, site)),
      attempt(repo.dir, () => mendNotes(context, site)),
    ])
  } finally {
    lock.value.letGo()
  }
}

type Part = () => Promise<Repaired>

/** What the file system refuses ends this part alone. */
function attempt(name: string, part: () => Repaired | Promise<Repaired>): Part {
  return async () => {
    try {
      return await part()
    } catch (error) {
      if ((error as NodeJS.ErrnoException | null)?.syscall === undefined) throw error
      return { did: [], left: [{ name, why: systemWords(error) }] }
    }
  }
}

async function together(parts: readonly Part[]): Promise<Repaired> {
  const did: Mended[] = []
  const left: LeftAlone[] = []
  for (const part of parts) {
    const done = await part()
    did.push(...done.did)
    left.push(...done.left)
  }
  return { did, left }
}

/** What `machine_config` says of it. Others may have been let in to look, so it is closed for writing only. */
function writableHome(home: string): readonly Mended[] {
  const mode = fs.lstatSync(home, { throwIfNoEntry: false })?.mode ?? 0
  if ((mode & 0o022) === 0) return []
  fs.chmodSync(home, mode & 0o755)
  return [mended('mode-set', home)]
}

function modes(dirs: readonly string[]): readonly Mended[] {
  return dirs.map((dir) => {
    fs.chmodSync(dir, 0o700)
    return mended('mode-set', dir)
  })
}
