import { ok } from '../../base/result.ts'
import { checkCode, status as statusOf } from '../../control/status.ts'
import { command, cwdFlag, sessionFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { statusDoc } from '../render/status.ts'

/** `status`: what is recorded. With `--check` the exit status says how the newest (or the open) run stands. */
export const status = command({
  flags: {
    ...cwdFlag,
    ...sessionFlag,
    check: {
      type: 'boolean',
      describe:
        'exit with 0 released, 4 active, 5 parked, 6 paused, 7 halted, 8 no run, 9 waived or disabled',
    },
  },
  run: (args, { context }) => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const found = statusOf(context, cwd.value, args['session-id'] ?? null)
    if (!found.ok) return found
    const code = args.check === true ? checkCode(found.value.sessions) : 0
    return ok({ code, data: found.value, text: () => statusDoc(found.value, context.clock()) })
  },
})
