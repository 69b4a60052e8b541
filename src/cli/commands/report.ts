import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { systemWords } from '../../base/system-words.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { type Report, buildReport } from '../../views/report.ts'
import { command } from '../command.ts'
import { historyOf } from '../history-of.ts'
import { type Outcome, done } from '../outcome.ts'
import { reportAnswer } from '../render/report-answer.ts'
import { reportHtml, reportMark } from '../render/report-html.ts'
import { reportMarkdown } from '../render/report-md.ts'
import { version } from '../version.ts'
import { idTwice, whichRun } from '../which-run.ts'

/** `report`: one run as a page (`--html`), as Markdown for a pull request (`--md`), or as data. */
export const report = command({
  flags: {
    html: { type: 'string', value: 'file', describe: 'write one self-contained page to this file' },
    md: { type: 'boolean', describe: 'print Markdown for a pull request, whatever stdout is' },
    force: { type: 'boolean', describe: 'write over a file that is no report' },
    ...whichRun.flags,
  },
  optional: whichRun.optional,
  usage: idTwice,
  run: (args, { context }) => {
    const history = historyOf(context, args)
    if (!history.ok) return history
    const built = buildReport(history.value)
    if (args.html !== undefined)
      return writePage(path.resolve(context.env.cwd, args.html), built, args.force === true)
    return ok({
      code: 0,
      data: reportAnswer(built),
      text: () => reportMarkdown(built).trimEnd().split('\n'),
      plain: args.md === true,
    })
  },
})

function writePage(file: string, built: Report, force: boolean): Result<Outcome> {
  const there = readTextSafe(file, { maxBytes: 256 * 1024 * 1024, follow: true })
  const free = there.ok ? there.value.startsWith(reportMark) : there.error.code === 'missing'
  if (!free && !force)
    return fail('report-exists', `${file} is there and is no report of ours`, {
      fix: 'name another file, or add --force',
    })
  const page = reportHtml(built, version)
  try {
    writeFileWhole(file, page, 0o644)
  } catch (error) {
    return fail('report-unwritable', `${file} could not be written: ${systemWords(error)}`)
  }
  const bytes = Buffer.byteLength(page)
  return ok(
    done({ file, bytes, run_id: built.runId, integrity: built.integrity.state }, () => [
      `Written: ${file} (${Math.ceil(bytes / 1024)} kB). Open it in any browser; it needs nothing else.`,
    ]),
  )
}
