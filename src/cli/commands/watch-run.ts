import { spawn } from 'node:child_process'
import { ok } from '../../base/result.ts'
import { newestBatch } from '../../supervisor/batch/find-batch.ts'
import { settledConfig } from '../../supervisor/batch/open.ts'
import { repoPaths } from '../../supervisor/batch/paths.ts'
import { siteOf } from '../../supervisor/batch/site.ts'
import { forgetWatcher, noteWatcher } from '../../supervisor/batch/watcher.ts'
import { recordCrashes } from '../../supervisor/orders/record-crashes.ts'
import { mayChangeSetup } from '../asker.ts'
import { command } from '../command.ts'
import { detachedVariable, isNews, tellStarter } from '../detached.ts'
import { plainText } from '../outcome.ts'
import type { BatchState } from '../../supervisor/record/state.ts'
import { catchSignals } from '../signals.ts'
import { startNotify } from '../start-notify.ts'

const HOUR_MS = 3600_000
/** After so many in an hour it is not started again. */
const MOST_RESTARTS = 5
/** Exit statuses of `run`, its own and those after a signal. All others are crashes: 3 is a mistake of ours. */
const OURS: ReadonlySet<number> = new Set([0, 1, 2, 4, 5, 6, 7, 10, 129, 130, 143])

/**
 * `watch-run`: starts a run and starts it again when it crashed or was killed, never for how it ended by itself.
 *
 *   start ─► at work ─► ended by itself ─► end
 *     ▲         └─► crashed ─► 5 times in an hour: start, then told and end
 */
export const watchRun = command({
  flags: {
    cwd: { type: 'string', value: 'dir', demandOption: true, describe: 'directory in the repository' },
    log: { type: 'string', value: 'file', demandOption: true, describe: 'where the run prints to' },
  },
  rest: 'run ...',
  ownSignals: true,
  run: async (args, { context }) => {
    const may = mayChangeSetup(context, 'run', false)
    if (!may.ok) return may
    const site = siteOf(args.cwd)
    if (!site.ok) return site
    const repo = repoPaths(context.env.home, site.value.repoId)
    const signals = catchSignals()
    let crashes: readonly number[] = []
    let wasAtWork = false
    try {
      for (;;) {
        noteWatcher(repo, args.log, crashes)
        const code = await oneRun(args.rest, wasAtWork ? 'again' : 'first', signals.ending, () => {
          wasAtWork = true
          tellStarter({ kind: 'at-work' })
        })
        if (code !== null || signals.ending.aborted) return end(code ?? signals.code() ?? 1)
        const now = context.clock()
        crashes = [...crashes.filter((at) => at > now - HOUR_MS), now]
        if (crashes.length <= MOST_RESTARTS) continue
        recordCrashes(
          context,
          site.value,
          `it crashed ${crashes.length} times within an hour; see ${args.log}`,
        )
        const found = newestBatch(context.env.home, site.value.repoId)
        if (found.ok && found.value !== null && hasNotify(found.value.state))
          startNotify(args.cwd, found.value.batch)
        return end(1)
      }
    } finally {
      signals.close()
      forgetWatcher(repo)
    }
  },
})

function hasNotify({ opened }: BatchState): boolean {
  const settled = settledConfig(opened.config.text, opened.config.path)
  return settled.ok && settled.value.config.notify !== undefined
}

function end(code: number) {
  tellStarter({ kind: 'ended', code })
  return ok({ ...plainText([]), code })
}

/** Its exit status; null: it crashed, or a signal ended it that it did not answer. */
function oneRun(
  words: readonly string[],
  which: 'first' | 'again',
  ending: AbortSignal,
  atWork: () => void,
): Promise<number | null> {
  const child = spawn(process.execPath, [process.argv[1] ?? '', ...words], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [detachedVariable]: which },
  })
  const stop = (): void => void child.kill('SIGTERM')
  if (ending.aborted) stop()
  ending.addEventListener('abort', stop, { once: true })
  child.on('message', (message) => {
    if (isNews(message) && message.kind === 'at-work') atWork()
  })
  return new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code !== null && OURS.has(code) ? code : null))
  }).finally(() => ending.removeEventListener('abort', stop))
}
