import { type Result, fail, ok } from '../../base/result.ts'
import { noticeOf, runNotify } from '../../hooks/notify-run.ts'
import { readSession } from '../../ledger/store.ts'
import type { Context } from '../../records/context.ts'
import type { Notified } from '../../records/person-command.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { notifyBatch } from '../notify-batch.ts'
import { type CliOutcome, done } from '../outcome.ts'

/** `notify`: runs the approved notify command for the last verdict of a session, or for how a batch stands. */
export const notifyCommand = command({
  optional: { id: 'with --batch: id of the batch (default: the newest here)' },
  flags: {
    ...cwdFlag,
    'session-id': { type: 'string', describe: "Codex's id of the session" },
    stop: { type: 'number', describe: 'only if the last stop has this number' },
    batch: { type: 'boolean', describe: 'of a batch of this repository' },
  },
  usage: ({ batch, id, ...args }) => {
    if ((batch === true) === (args['session-id'] !== undefined))
      return 'of a session (--session-id) or of a batch (--batch)?'
    return id !== undefined && batch !== true ? 'an id is that of a batch: add --batch' : undefined
  },
  run: async (args, { context }): Promise<Result<CliOutcome>> => {
    if (args.batch === true) {
      const cwd = directoryOf(context.env, args.cwd)
      if (!cwd.ok) return cwd
      const told = await notifyBatch(context, cwd.value, args.id ?? null)
      if (!told.ok) return told
      const { notice, notified, log } = told.value
      return outcome(notice.event, notified, log)
    }
    const told = await ofSession(context, args['session-id'] ?? '', args.stop ?? null)
    return told.ok ? outcome(told.value.event, told.value.notified, 'gates/notify.log of the session') : told
  },
})

async function ofSession(
  context: Context,
  sessionId: string,
  stop: number | null,
): Promise<Result<{ readonly event: string; readonly notified: Notified }>> {
  const session = readSession(context.env.home, sessionId)
  if (!session.ok) return session
  const run = session.value.state.runs.at(-1)
  const record = run?.lastStop
  if (!run || !record || (stop !== null && record.stop !== stop))
    return fail('no-verdict', `session ${sessionId} has no such verdict to tell of`)
  const notice = noticeOf(context, run, record)
  if (!notice) return fail('no-verdict', 'the last stop was blocked; nobody is told of that')
  const notified = await runNotify(context, run, notice)
  return notified.ok ? ok({ event: notice.event, notified: notified.value }) : notified
}

function outcome(
  event: string,
  { code, signal, timedOut, sandboxed }: Notified,
  log: string,
): Result<CliOutcome> {
  if (code === 0) return ok(done({ ok: true, event, sandboxed }, () => [`Told of: ${event}.`]))
  return fail(
    'notify-failed',
    `the notify command ${timedOut ? 'took too long and was ended' : `ended with ${signal ?? `exit code ${code}`}`}; its output is in ${log}`,
  )
}
