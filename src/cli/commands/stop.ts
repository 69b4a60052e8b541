import { ok } from '../../base/result.ts'
import { orderStop } from '../../supervisor/orders/order-stop.ts'
import { command, cwdFlag } from '../command.ts'
import { done } from '../outcome.ts'
import { personSite } from '../person-site.ts'

/** `stop`: tells the process that works through the backlog to come to rest. Exit status 0 also where nothing runs. */
export const stop = command({
  flags: { ...cwdFlag, now: { type: 'boolean', describe: 'end agents and gates too; their work is kept' } },
  run: (args, { context }) => {
    const site = personSite(context, 'stop', args.cwd)
    if (!site.ok) return site
    const now = args.now === true
    const ordered = orderStop(context, site.value, now)
    if (!ordered.ok) return ordered
    const running = ordered.value.by === 'running'
    return ok(
      done({ ok: true, action: 'stop', running, now }, () => [
        !running
          ? 'Nothing runs here.'
          : now
            ? 'It was told to stop now. Agents end, and their work is kept.'
            : 'It was told to stop. Turns that are at work go on to their end; no other begins.',
        ...(running ? ['Go on later: autonomous-loop run'] : []),
      ]),
    )
  },
})
