import type { Result } from '../base/result.ts'
import type { Context } from '../records/context.ts'
import { type RunHistory, findHistory } from '../views/history.ts'
import { directoryOf } from './directory.ts'
import { type RunArgs, idIn } from './which-run.ts'

/** The run that an id or `--cwd` means. Codes: those of directoryOf and findHistory. */
export function historyOf(context: Context, asked: RunArgs): Result<RunHistory> {
  const cwd = directoryOf(context.env, asked.cwd)
  return cwd.ok ? findHistory(context, { cwd: cwd.value, id: idIn(asked) ?? null }) : cwd
}
