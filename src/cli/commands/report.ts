import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import type { Env } from '../../base/env.ts'
import { sessionOf } from '../../ledger/events.ts'
import type { RunState } from '../../ledger/state.ts'
import type { Context } from '../../records/context.ts'
import { measuredBefore } from '../../records/measured-before.ts'
import { batchPaths } from '../../supervisor/batch/paths.ts'
import { lookAround } from '../../views/batch-around.ts'
import { buildBatchReport } from '../../views/batch-report/build.ts'
import { readHistory } from '../../views/batch-report/read.ts'
import type { RunHistory } from '../../views/history.ts'
import { nextOf, sessionStatus } from '../../views/session-status.ts'
import { buildReport } from '../../views/report.ts'
import { command } from '../command.ts'
import { batchReportHtml } from '../render/batch-report-html.ts'
import { batchReportMarkdown } from '../render/batch-report-md.ts'
import { reportAnswer } from '../render/report-answer.ts'
import { reportHtml } from '../render/report-html.ts'
import { markdownMark, reportMarkdown } from '../render/report-md.ts'
import { reportMark } from '../render/report-page.ts'
import { version } from '../version.ts'
import { brokenBatch, subjectOf, subjectTwice, whichSubject } from '../which-subject.ts'
import { markdownBeside, writeReports } from '../write-reports.ts'

/** `report`: a run, or a whole batch, as a page (`--html`), as Markdown (`--md`), or as data. */
export const report = command({
  flags: {
    html: { type: 'string', value: 'file', describe: 'write one self-contained page to this file' },
    md: {
      type: 'boolean',
      describe:
        'print Markdown for a pull request, whatever stdout is; with --html into a file beside the page',
    },
    force: { type: 'boolean', describe: 'write over a file that is no report' },
    ...whichSubject.flags,
  },
  optional: whichSubject.optional,
  usage: subjectTwice,
  run: (args, { context }) => {
    const subject = subjectOf(context, args)
    const made = subject.ok
      ? subject.value.kind === 'run'
        ? ok(ofRun(context, subject.value.history))
        : ofBatch(context, subject.value.found.state.opened.repoId, subject.value.found.batch)
      : ofBroken(context, subject)
    if (!made.ok) return made
    const { data, about, markdown, page } = made.value
    if (args.html === undefined)
      return ok({
        code: 0,
        data,
        text: () => markdown().trimEnd().split('\n'),
        plain: args.md === true,
        asIs: true,
      })
    const file = path.resolve(context.env.cwd, args.html)
    return writeReports(about, args.force === true, [
      { file, mark: reportMark, text: page() },
      ...(args.md === true ? [{ file: markdownBeside(file), mark: markdownMark, text: markdown() }] : []),
    ])
  },
})

interface Made {
  readonly data: object
  /** What is said of a page that is written. */
  readonly about: object
  readonly markdown: () => string
  readonly page: () => string
}

function ofRun(context: Context, history: RunHistory): Made {
  const { run } = history
  const built = buildReport(
    history,
    nextOfRun(context.env, run),
    measuredBefore(context.env.home, run.activation),
  )
  return {
    data: reportAnswer(built),
    about: { run_id: built.runId, integrity: built.integrity.state },
    markdown: () => reportMarkdown(built),
    page: () => reportHtml(built, version),
  }
}

/** The batch is read once more, whole and with every event. Codes: batch-broken, batch-missing. */
function ofBatch(context: Context, repoId: string, batch: string): Result<Made> {
  const history = readHistory(context.env.home, batch, batchPaths(context.env.home, repoId, batch))
  if (!history.ok) return history
  if (history.value === null)
    return fail('batch-missing', `nothing that holds is recorded of batch ${batch}`, {
      fix: 'autonomous-loop doctor',
    })
  const built = buildBatchReport(history.value, lookAround(history.value.state, context))
  return ok({
    data: built,
    about: { batch, integrity: built.record.holds ? 'intact' : 'broken' },
    markdown: () => batchReportMarkdown(built),
    page: () => batchReportHtml(built, version),
  })
}

/** A record that breaks is no reason to say nothing of what holds. */
function ofBroken(context: Context, failed: Extract<Result<never>, { ok: false }>): Result<Made> {
  const broken = brokenBatch(failed.error)
  return broken === null ? failed : ofBatch(context, broken.repoId, broken.batch)
}

/** Of this run alone: a released one needs nothing more, and nobody steers an attempt. */
function nextOfRun(env: Env, run: RunState): string | null {
  const session = sessionOf(run.activation)
  return session === null ? null : nextOf(sessionStatus(env, run, session), false)
}
