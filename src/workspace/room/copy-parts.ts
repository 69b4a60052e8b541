import os from 'node:os'
import { Worker } from 'node:worker_threads'
import {
  type Copied,
  type Copying,
  type CopyList,
  copyHere,
  directoryOf,
  OF_START,
  WAS_THERE,
} from './copy.ts'
import { STAT_BYTES } from './index-stat.ts'
import type { IndexStat } from './index-file.ts'
import type { CopyAnswer, CopyPart } from './copy-worker.ts'

/** The text of copy-worker.ts as one small program; the bundler puts it here. Where there is none, nothing is copied elsewhere. */
declare const COPY_PROGRAM: string | undefined

/** A thread is worth its start from here on: files for each. */
const WORTH = 1_000
const MOST_THREADS = 4

/** What is known of the files that are copied. */
export interface KnownFiles {
  readonly isOfStart: (file: string) => boolean
  /** Whether the look saw a file or link there. False where it did not look either. */
  readonly wasThere: (file: string) => boolean
}

export interface CopiedFiles extends Pick<Copied, 'moved' | 'doubtful'> {
  /** Of files of the start that were copied. */
  readonly stats: ReadonlyMap<string, IndexStat>
}

/**
 * Copies files as `copyHere` does, many of them in several threads at once: the kernel makes files on as many processors as ask for it. Begins
 * at once; who waits for a program in between holds nothing up.
 */
export async function copyFiles(
  copying: Copying,
  known: KnownFiles,
  paths: Iterable<string>,
): Promise<CopiedFiles> {
  const lists = partsOf(byDirectory(paths), known)
  const program = typeof COPY_PROGRAM === 'string' ? COPY_PROGRAM : null
  const all = await Promise.allSettled(
    lists.map((list) =>
      program === null || lists.length === 1
        ? copyNow(copying, list)
        : copyElsewhere(program, { copying, list }),
    ),
  )
  const failed = all.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  const parts = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const stats = new Map<string, IndexStat>()
  for (const [nth, part] of parts.entries()) addStats(stats, lists[nth]!, part)
  return {
    moved: parts.flatMap(({ moved }) => moved),
    doubtful: parts.flatMap(({ doubtful }) => doubtful),
    stats,
  }
}

function addStats(to: Map<string, IndexStat>, { files }: CopyList, { stats }: Copied): void {
  for (const [at, file] of files.entries()) {
    const stat = stats.subarray(at * STAT_BYTES, (at + 1) * STAT_BYTES)
    if (stat.some((byte) => byte !== 0)) to.set(file, stat)
  }
}

async function copyNow(copying: Copying, list: CopyList): Promise<Copied> {
  return copyHere(copying, list)
}

function copyElsewhere(program: string, part: CopyPart): Promise<Copied> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { eval: true, workerData: part, execArgv: [] })
    worker.once('message', (answer: CopyAnswer) => {
      if (answer.kind === 'copied') resolve(answer.copied)
      else reject(Object.assign(new Error(answer.message), { code: answer.code, errno: answer.errno }))
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`a thread that copies ended with ${code}`)))
  })
}

/** A directory's files one after another, and a directory after the one that it lies in. */
function byDirectory(paths: Iterable<string>): string[] {
  const found = new Map<string, string[]>()
  for (const file of paths) {
    const dir = directoryOf(file)
    const there = found.get(dir)
    if (there === undefined) found.set(dir, [file])
    else there.push(file)
  }
  return [...found.keys()].sort().flatMap((dir) => found.get(dir)!)
}

function partsOf(files: readonly string[], { isOfStart, wasThere }: KnownFiles): CopyList[] {
  // Two on one processor as well: one goes on while the other waits for the disk.
  const most = Math.min(MOST_THREADS, Math.max(2, os.availableParallelism()))
  const threads = Math.min(most, Math.floor(files.length / WORTH))
  const each = Math.ceil(files.length / Math.max(1, threads))
  const lists: CopyList[] = []
  for (let at = 0; at < files.length; at += each) {
    const part = files.slice(at, at + each)
    const flags = part.map((file) => (isOfStart(file) ? OF_START : 0) | (wasThere(file) ? WAS_THERE : 0))
    lists.push({ files: part, known: Uint8Array.from(flags) })
  }
  return lists
}
