import path from 'node:path'
import { type Result, ok } from '../base/result.ts'
import { shellWord } from '../base/shell-word.ts'
import type { Context } from '../records/context.ts'
import type { FoundBatch } from '../supervisor/batch/find-batch.ts'
import { itemExport } from '../views/show/export-item.ts'
import { iso } from '../views/iso.ts'
import type { ShownItem } from '../views/show/show-item.ts'
import { type CliOutcome, done } from './outcome.ts'
import { exportReadme } from './render/export-readme.ts'
import { type Doc, quiet, warn } from './render/doc.ts'
import { writeExport } from './write-export.ts'

/** `show --export`: everything of an item in a directory. Codes: those of itemExport and of writeExport. */
export async function exportItem(
  context: Context,
  found: FoundBatch,
  shown: ShownItem,
  asked: string,
): Promise<Result<CliOutcome>> {
  const dir = path.resolve(context.env.cwd, asked)
  const parts = await itemExport(context, found, shown)
  if (!parts.ok) return parts
  const { item, title, attempts, batch } = shown
  const { files, missing } = parts.value
  const at = iso(context.clock())
  const about = { batch: batch.batch, item: item.id, title, state: item.state, exported_at: at, missing }
  const readme = { path: 'README.md', text: exportReadme(shown, missing, at) }
  const written = writeExport(dir, [readme, ...files], about)
  if (!written.ok) return written
  const bytes = written.value.reduce((sum, one) => sum + one.bytes, 0)
  const data = {
    ok: true,
    action: 'export',
    batch: batch.batch,
    item: item.id,
    attempts: attempts.length,
    directory: dir,
    files: written.value.length + 1,
    bytes,
    missing,
  }
  return ok(
    done(data, (): Doc => [
      `${written.value.length + 1} files of item ${item.id}, ${bytes.toLocaleString('en')} bytes, are in ${dir}`,
      ...missing.map(({ what, why }) => [warn('missing: '), `${what}: ${why}`]),
      [
        quiet('it may hold secrets that a log printed; begin with: '),
        `cat ${shellWord(path.join(dir, 'README.md'))}`,
      ],
    ]),
  )
}
