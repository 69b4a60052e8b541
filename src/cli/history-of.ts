import type { Result } from '../base/result.ts'
import type { Context } from '../records/context.ts'
import { type RunHistory, findHistory } from '../views/history.ts'
import { directoryOf } from './directory.ts'

/** The run that `--run`, `--session-id` or `--cwd` mean. Codes: those of directoryOf and findHistory. */
export function historyOf(
  context: Context,
  args: {
    readonly cwd: string | undefined
    readonly 'session-id': string | undefined
    readonly run: string | undefined
  },
): Result<RunHistory> {
  const cwd = directoryOf(context.env, args.cwd)
  if (!cwd.ok) return cwd
  return findHistory(context, {
    cwd: cwd.value,
    sessionId: args['session-id'] ?? null,
    runId: args.run ?? null,
  })
}
