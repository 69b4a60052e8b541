import { fail, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import { checkCode, status as statusOf } from '../../views/status.ts'
import { command, cwdFlag, sessionFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { statusDoc } from '../render/status.ts'
import { watchScreen } from '../watch-screen.ts'
import { homePlaces } from '../watch-home.ts'

/** `status`: what is recorded. With `--check` the exit status says how the newest (or the open) run stands. */
export const status = command({
  flags: {
    ...cwdFlag,
    ...sessionFlag,
    all: { type: 'boolean', describe: 'runs of every repository of this machine' },
    watch: { type: 'boolean', describe: 'stay, and draw anew when something changes; q ends' },
    check: {
      type: 'boolean',
      describe:
        'exit with 0 released, 4 active, 5 parked, 6 paused, 7 halted, 8 no run, 9 waived or disabled',
    },
  },
  run: async (args, { context, interactive, interrupted }) => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const look = () =>
      statusOf(context, cwd.value, args['session-id'] ?? null, args.all === true ? 'all' : 'repository')
    if (args.watch === true) {
      if (!interactive)
        return fail('no-terminal', '--watch draws on a terminal, and this is none', {
          fix: 'autonomous-loop events --follow',
        })
      await watchScreen(() => docOf(context, look, args.all === true), homePlaces(context.env), interrupted)
    }
    const found = look()
    if (!found.ok) return found
    const code = args.check === true ? checkCode(found.value.sessions) : 0
    return ok({ code, data: found.value, text: () => statusDoc(found.value, context.clock(), args.all) })
  },
})

function docOf(context: Context, look: () => ReturnType<typeof statusOf>, all: boolean) {
  const found = look()
  return found.ok ? statusDoc(found.value, context.clock(), all) : [found.error.message]
}
