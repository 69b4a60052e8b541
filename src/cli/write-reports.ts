import path from 'node:path'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { writeFileWhole } from '../base/write-file.ts'
import { type CliOutcome, done } from './outcome.ts'

export interface Page {
  readonly file: string
  /** What a file of ours begins with. */
  readonly mark: string
  readonly text: string
}

/** `run.html` has `run.md` beside it. */
export function markdownBeside(page: string): string {
  return `${page.slice(0, page.length - path.extname(page).length)}.md`
}

/** All or none: no file is touched before each is known to be free. `about`: what the answer says besides. */
export function writeReports(about: object, force: boolean, pages: readonly Page[]): Result<CliOutcome> {
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
        ...about,
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
