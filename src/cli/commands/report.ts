import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { Env } from '../../base/env.ts'
import { sessionOf } from '../../ledger/events.ts'
import type { RunState } from '../../ledger/state.ts'
import { measuredBefore } from '../../records/measured-before.ts'
import { nextOf, sessionStatus } from '../../views/session-status.ts'
import { type Report, buildReport } from '../../views/report.ts'
import { command } from '../command.ts'
import { historyOf } from '../history-of.ts'
import { type CliOutcome, done } from '../outcome.ts'
import { reportAnswer } from '../render/report-answer.ts'
import { reportHtml, reportMark } from '../render/report-html.ts'
import { markdownMark, reportMarkdown } from '../render/report-md.ts'
import { version } from '../version.ts'
import { idTwice, whichRun } from '../which-run.ts'

/** `report`: one run as a page (`--html`), as Markdown for a pull request (`--md`), or as data. */
export const report = command({
  flags: {
    html: { type: 'string', value: 'file', describe: 'write one self-contained page to this file' },
    md: {
      type: 'boolean',
      describe:
        'print Markdown for a pull request, whatever stdout is; with --html into a file beside the page',
    },
    force: { type: 'boolean', describe: 'write over a file that is no report' },
    ...whichRun.flags,
  },
  optional: whichRun.optional,
  usage: idTwice,
  run: (args, { context }) => {
    const history = historyOf(context, args)
    if (!history.ok) return history
    const { run } = history.value
    const built = buildReport(
      history.value,
      nextOfRun(context.env, run),
      measuredBefore(context.env.home, run.activation),
    )
    if (args.html === undefined)
      return ok({
        code: 0,
        data: reportAnswer(built),
        text: () => reportMarkdown(built).trimEnd().split('\n'),
        plain: args.md === true,
        asIs: true,
      })
    const page = path.resolve(context.env.cwd, args.html)
    return writeReports(built, args.force === true, [
      { file: page, mark: reportMark, text: reportHtml(built, version) },
      ...(args.md === true
        ? [{ file: markdownBeside(page), mark: markdownMark, text: reportMarkdown(built) }]
        : []),
    ])
  },
})

/** Of this run alone: a released one needs nothing more, and nobody steers an attempt. */
function nextOfRun(env: Env, run: RunState): string | null {
  const session = sessionOf(run.activation)
  return session === null ? null : nextOf(sessionStatus(env, run, session), false)
}

interface Page {
  readonly file: string
  /** What a file of ours begins with. */
  readonly mark: string
  readonly text: string
}

/** `run.html` has `run.md` beside it. */
function markdownBeside(page: string): string {
  return `${page.slice(0, page.length - path.extname(page).length)}.md`
}

/** All or none: no file is touched before each is known to be free. */
function writeReports(built: Report, force: boolean, pages: readonly Page[]): Result<CliOutcome> {
  const taken = pages.find((page) => !force && !isFree(page))
  if (taken)
    return fail('report-exists', `${taken.file} is there and is no report of ours`, {
      fix: 'name another file, or add --force',
    })
  for (const { file, text } of pages)
    try {
      writeFileWhole(file, text, 0o644)
    } catch (error) {
      return fail('report-unwritable', `${file} could not be written: ${systemWords(error)}`)
    }
  const [page, markdown] = pages.map(({ file, text }) => ({ file, bytes: Buffer.byteLength(text) }))
  return ok(
    done(
      {
        ...page,
        ...(markdown === undefined ? {} : { markdown_file: markdown.file }),
        run_id: built.runId,
        integrity: built.integrity.state,
      },
      () => [
        `Written: ${page?.file} (${Math.ceil((page?.bytes ?? 0) / 1024)} kB). Open it in any browser; it needs nothing else.`,
        ...(markdown === undefined ? [] : [`Written: ${markdown.file}, Markdown for a pull request.`]),
      ],
    ),
  )
}

/** Nothing there, a report, or what a shell made empty for `> run.md`. */
function isFree({ file, mark }: Page): boolean {
  const there = readTextSafe(file, { maxBytes: 256 * 1024 * 1024, follow: true })
  return there.ok ? there.value === '' || there.value.startsWith(mark) : there.error.code === 'missing'
}
