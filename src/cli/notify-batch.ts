import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../base/result.ts'
import { findApproval } from '../records/approvals.ts'
import { cliPath } from '../records/cli-place.ts'
import type { Context } from '../records/context.ts'
import { dataDirectory } from '../records/data-directory.ts'
import { type Notified, runPersonCommand } from '../records/person-command.ts'
import { findBatch, newestBatch } from '../supervisor/batch/find-batch.ts'
import { settledConfig } from '../supervisor/batch/open.ts'
import { type Site, siteOf } from '../supervisor/batch/site.ts'
import { lookAround } from '../views/batch-around.ts'
import { type BatchNotice, batchNotice, noticeLine } from '../views/batch-notice.ts'
import { batchView } from '../views/batch-status.ts'

export interface NotifiedOf {
  readonly notice: BatchNotice
  readonly notified: Notified
  readonly log: string
}

/**
 * Runs the notify command of a batch for how it stands now. `batch`: null is the newest. Codes: git-gone, batch-missing, no-verdict, config-unapproved, no-notify, data-place, those of runPersonCommand.
 */
export async function notifyBatch(
  context: Context,
  cwd: string,
  batch: string | null,
): Promise<Result<NotifiedOf>> {
  const site = siteOf(cwd)
  if (!site.ok) return site
  const found = batchAsked(context, site.value, batch)
  if (!found.ok) return found
  const { state, paths } = found.value
  const { opened } = state
  const settled = settledConfig(opened.config.text, opened.config.path)
  if (!settled.ok) return settled
  const { path: file, sha256 } = opened.config
  if (!findApproval(context.env.home, file, sha256))
    return fail('config-unapproved', `nobody approves the config of this batch any more`, {
      fix: 'autonomous-loop allow',
    })
  const given = settled.value.config.notify
  if (given === undefined) return fail('no-notify', 'the config of this batch has no notify command')
  const data = dataDirectory(context.env, opened.top)
  if (!data.ok) return data
  const root = path.join(opened.top, opened.prefix)
  const view = batchView(found.value.batch, state, lookAround(state, context))
  // Somebody may have gone on with it a moment ago: it is told of when it rests again.
  if (view.state === 'running' && view.quota === null)
    return fail('no-verdict', `batch ${view.batch} is at work; nobody is told of that`)
  const notice = batchNotice(view, root, cliPath(context.env.home))
  const log = path.join(paths.dir, 'notify.log')
  const place = path.join(data.value, site.value.repoId, 'hooks')
  fs.mkdirSync(place, { recursive: true, mode: 0o700 })
  const notified = await runPersonCommand(context, {
    name: 'notify',
    given,
    isBoxed: true,
    root,
    place,
    gatePath: opened.gatePath,
    // The next run ends what is left of the batch's own, and this is not.
    owner: `told.${found.value.batch}`,
    variables: {
      AUTOLOOP_EVENT: notice.event,
      AUTOLOOP_BATCH: notice.batch,
      AUTOLOOP_OBJECTIVE: noticeLine(notice),
      AUTOLOOP_TERMINAL: '/dev/null',
    },
    input: notice,
    logFile: log,
    codex: null,
  })
  return notified.ok ? ok({ notice, notified: notified.value, log }) : notified
}

function batchAsked({ env }: Context, site: Site, batch: string | null): ReturnType<typeof findBatch> {
  if (batch !== null) return findBatch(env.home, site.repoId, batch)
  const newest = newestBatch(env.home, site.repoId)
  if (!newest.ok) return newest
  return newest.value === null
    ? fail('batch-missing', 'this repository has no batch', { fix: 'autonomous-loop run' })
    : ok(newest.value)
}
