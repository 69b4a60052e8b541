import { ok } from '../../base/result.ts'
import { runDoctor } from '../../doctor/doctor.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { doctorDoc } from '../render/doctor.ts'

/** `doctor`: whether everything is really on. Exit status 1 when a check fails that is not merely advice. */
export const doctor = command({
  flags: cwdFlag,
  run: async (args, { context }) => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const answer = await runDoctor(context, cwd.value)
    return ok({ code: answer.ok ? 0 : 1, data: answer, text: () => doctorDoc(answer) })
  },
})
