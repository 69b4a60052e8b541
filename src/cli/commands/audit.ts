import { type Result, fail, ok } from '../../base/result.ts'
import { findNamed } from '../../control/named-run.ts'
import type { Context } from '../../records/context.ts'
import { batchesOf } from '../../supervisor/batch/find-batch.ts'
import { siteOf } from '../../supervisor/batch/site.ts'
import { sessionsOf } from '../../views/audit/audit.ts'
import { auditBatch } from '../../views/audit/batch/audit-batch.ts'
import type { BatchAudit } from '../../views/audit/batch/types.ts'
import { isOnRecord } from '../../views/audit/place.ts'
import { auditSessions } from '../../views/audit/sessions.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { command } from '../command.ts'
import { directoryOf } from '../directory.ts'
import type { CliOutcome } from '../outcome.ts'
import { batchAuditAnswer, sessionAuditAnswer } from '../render/audit-answer.ts'
import { auditDoc, batchAuditDoc } from '../render/audit.ts'
import { type SubjectArgs, batchIdIn, looksLikeBatch, subjectTwice, whichSubject } from '../which-subject.ts'
import { idIn } from '../which-run.ts'

/**
 * `audit`: whether the record of a session or a batch, or of all of a repository, adds up. Exit status 1 when something
 * does not. Codes: no-run (nobody knows the session that was named), batch-missing.
 */
export const audit = command({
  ...whichSubject,
  usage: subjectTwice,
  run: async (args, { context }): Promise<Result<CliOutcome>> => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const id = idIn(args)
    if (args.batch === true || (id !== undefined && looksLikeBatch(id)))
      return ofBatch(context, cwd.value, args)
    const named = id === undefined ? ok(undefined) : sessionOf(context, id)
    if (!named.ok) return named
    const ids = named.value === undefined ? sessionsOf(context, cwd.value) : [named.value]
    const sessions = await auditSessions(context, ids)
    const batches = id === undefined ? await batchesHere(context, cwd.value) : []
    const clean = [...sessions, ...batches].every((one) => one.findings.length === 0)
    return ok({
      code: clean ? 0 : 1,
      data: {
        ok: clean,
        repo_root: findRepoRoot(cwd.value),
        sessions: sessions.map(sessionAuditAnswer),
        ...(id === undefined ? { batches: batches.map(batchAuditAnswer) } : {}),
      },
      text: () => auditDoc(sessions, batches),
    })
  },
})

async function ofBatch(context: Context, cwd: string, args: SubjectArgs): Promise<Result<CliOutcome>> {
  const named = batchIdIn(context, cwd, idIn(args) ?? null)
  if (!named.ok) return named
  const { repoId, batch } = named.value
  const audited = await auditBatch(context, repoId, batch)
  return ok({
    code: audited.findings.length === 0 ? 0 : 1,
    data: batchAuditAnswer(audited),
    text: () => batchAuditDoc(audited),
  })
}

/** Every batch of the repository around a directory. */
async function batchesHere(context: Context, cwd: string): Promise<readonly BatchAudit[]> {
  const site = siteOf(cwd)
  if (!site.ok) return []
  const audits: BatchAudit[] = []
  for (const batch of batchesOf(context.env.home, site.value.repoId))
    audits.push(await auditBatch(context, site.value.repoId, batch))
  return audits
}

/** Where no ledger knows the id, Codex's own transcripts may: a record that was taken away is what an audit looks for. */
function sessionOf(context: Context, id: string): Result<string> {
  const named = findNamed(context, id)
  if (named.ok) return ok(named.value.sessionId)
  if (named.error.code === 'run-ambiguous') return named
  return isOnRecord(context, id)
    ? ok(id)
    : fail('no-run', `nothing is on record about "${id}", neither here nor at Codex`, {
        fix: 'autonomous-loop status --all',
      })
}
