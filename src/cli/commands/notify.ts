import { fail, ok } from '../../base/result.ts'
import { noticeOf, runNotify } from '../../hooks/notify-run.ts'
import { readSession } from '../../ledger/store.ts'
import { command } from '../command.ts'
import { done } from '../outcome.ts'

/** `notify`: runs the approved notify command for the last verdict of a session; the stop hook starts it. */
export const notifyCommand = command({
  flags: {
    'session-id': { type: 'string', demandOption: true, describe: "Codex's id of the session" },
    stop: { type: 'number', describe: 'only if the last stop has this number' },
  },
  run: async (args, { context }) => {
    const sessionId = args['session-id']
    const session = readSession(context.env.home, sessionId)
    if (!session.ok) return session
    const run = session.value.state.runs.at(-1)
    const record = run?.lastStop
    if (!run || !record || (args.stop !== undefined && record.stop !== args.stop))
      return fail('no-verdict', `session ${sessionId} has no such verdict to tell of`)
    const notice = noticeOf(context, run, record)
    if (!notice) return fail('no-verdict', 'the last stop was blocked; nobody is told of that')
    const told = await runNotify(context, run, notice)
    if (!told.ok) return told
    const { code, signal, timedOut, sandboxed } = told.value
    if (code !== 0)
      return fail(
        'notify-failed',
        `the notify command ${timedOut ? 'took too long and was ended' : `ended with ${signal ?? `exit code ${code}`}`}; its output is in gates/notify.log of the session`,
      )
    return ok(done({ ok: true, event: notice.event, sandboxed }, () => [`Told of: ${notice.event}.`]))
  },
})
