import fs from 'node:fs'
import { namesIn } from '../base/names-in.ts'
import { type Failure, type Result, fail, ok } from '../base/result.ts'
import { detectSession } from '../codex/session.ts'
import type { Context } from '../records/context.ts'
import { type FoundBatch, batchesOf, findBatch, newestBatch } from '../supervisor/batch/find-batch.ts'
import { batchPaths, batchesDir } from '../supervisor/batch/paths.ts'
import { siteOf } from '../supervisor/batch/site.ts'
import { type RunHistory, findHistory } from '../views/history.ts'
import type { Flags } from './command.ts'
import { directoryOf } from './directory.ts'
import { type RunArgs, idIn, idTwice, whichRun } from './which-run.ts'

/** How a command that looks back is told what it is about: a run of a session, or a batch. */
export const whichSubject = {
  optional: { id: 'of a run, a session or a batch, or how it begins (default: the newest here)' },
  flags: {
    ...whichRun.flags,
    batch: { type: 'boolean', describe: 'the newest batch of this repository' },
  },
} as const satisfies { readonly optional: object; readonly flags: Flags }

export interface SubjectArgs extends RunArgs {
  readonly batch?: boolean | undefined
}

export type Subject = { readonly kind: 'run'; readonly history: RunHistory } | BatchSubject

export interface BatchSubject {
  readonly kind: 'batch'
  readonly found: FoundBatch
}

/** A usage error: `--batch` is one subject, an id another. */
export function subjectTwice(asked: SubjectArgs): string | undefined {
  return asked.batch === true && idIn(asked) !== undefined ? 'an id, or --batch?' : idTwice(asked)
}

/**
 * What a look back is about. Without a word about it: the session that asks; else the run or the batch of this repository in which
 * something happened last. Codes: no-such-directory, git-gone, batch-missing, and those of findHistory and readBatch.
 */
export function subjectOf(context: Context, asked: SubjectArgs): Result<Subject> {
  const cwd = directoryOf(context.env, asked.cwd)
  if (!cwd.ok) return cwd
  const id = idIn(asked) ?? null
  if (asked.batch === true) return batchHere(context, cwd.value)
  if (id !== null && looksLikeBatch(id)) return batchNamed(context, id)
  const history = findHistory(context, { cwd: cwd.value, id })
  const run = history.ok ? ok({ kind: 'run', history: history.value } as const) : history
  if (id !== null || detectSession(context.env.vars) !== null) return run
  const batch = batchHere(context, cwd.value)
  // What does not hold is said, where there is nothing else to speak of or nothing newer.
  if (!batch.ok)
    return brokenSince(context, batch.error, history.ok ? lastOf(history.value) : 0) ? batch : run
  return history.ok && lastOf(history.value) > batch.value.found.state.at ? run : batch
}

/** The newest batch of the repository around a directory. */
export function batchHere(context: Context, cwd: string): Result<BatchSubject> {
  const site = siteOf(cwd)
  if (!site.ok) return site
  const found = newestBatch(context.env.home, site.value.repoId)
  if (!found.ok) return found
  return found.value === null ? noBatch() : ok({ kind: 'batch', found: found.value })
}

/** Whether orders reach it. */
export function isNewest({ env }: Context, { batch, state }: FoundBatch): boolean {
  return batchesOf(env.home, state.opened.repoId).at(-1) === batch
}

/** The id of a batch is a day, a time and four digits; that of a session of Claude Code may begin with eight digits as well. */
export const looksLikeBatch = (id: string): boolean =>
  /^20\d\d[01]\d[0-3]\d-(?:\d{0,6}|\d{6}-[0-9a-f]{0,4})$/.test(id)

export interface BatchName {
  readonly repoId: string
  readonly batch: string
}

/** The batch that an id means, or the newest here; its ledger need not hold. Codes: git-gone, batch-missing, run-ambiguous. */
export function batchIdIn({ env }: Context, cwd: string, id: string | null): Result<BatchName> {
  if (id !== null) return named(env.home, id)
  const site = siteOf(cwd)
  if (!site.ok) return site
  const { repoId } = site.value
  const batch = batchesOf(env.home, repoId).at(-1)
  return batch === undefined ? noBatch() : ok({ repoId, batch })
}

export function batchNamed({ env }: Context, id: string): Result<BatchSubject> {
  const one = named(env.home, id)
  if (!one.ok) return one
  const found = findBatch(env.home, one.value.repoId, one.value.batch)
  return found.ok ? ok({ kind: 'batch', found: found.value }) : found
}

/** In whichever repository of this machine. */
function named(home: string, id: string): Result<BatchName> {
  const all = namesIn(batchesDir(home)).flatMap((repoId) =>
    batchesOf(home, repoId)
      .filter((batch) => batch.startsWith(id))
      .map((batch) => ({ repoId, batch })),
  )
  const [one] = all
  if (one === undefined)
    return fail('batch-missing', `no batch is called ${id}`, { fix: 'autonomous-loop status --batch' })
  if (all.length > 1)
    return fail('run-ambiguous', `${id} is the beginning of ${all.length} ids`, {
      fix: `give more of it, such as ${one.batch}`,
    })
  return ok(one)
}

/** The batch whose ledger breaks, of a failure that says so; null: another failure. */
export function brokenBatch({
  code,
  data,
}: Failure): { readonly repoId: string; readonly batch: string } | null {
  const { repo_id: repoId, batch } = data ?? {}
  return code === 'batch-broken' && typeof repoId === 'string' && typeof batch === 'string'
    ? { repoId, batch }
    : null
}

function brokenSince({ env }: Context, failure: Failure, since: number): boolean {
  const broken = brokenBatch(failure)
  if (broken === null) return false
  const { ledger } = batchPaths(env.home, broken.repoId, broken.batch)
  return (fs.lstatSync(ledger, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= since
}

const noBatch = (): Result<never> =>
  fail('batch-missing', 'this repository has no batch', { fix: 'autonomous-loop run' })

const lastOf = ({ events }: RunHistory): number => events.at(-1)?.at ?? 0
