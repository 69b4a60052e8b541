import { ok } from '../../base/result.ts'
import { runDoctor } from '../../doctor/doctor.ts'
import { repair } from '../../doctor/repair.ts'
import { mayChangeSetup } from '../asker.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { doctorDoc } from '../render/doctor.ts'
import { repairDoc } from '../render/repair.ts'

/** `doctor`: whether everything is really on. Exit status 1 when a check fails that is not merely advice. */
export const doctor = command({
  flags: {
    ...cwdFlag,
    repair: { type: 'boolean', describe: 'mend what needs no choice, then look; keeps what may be work' },
  },
  run: async (args, { context }) => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    if (args.repair !== true) {
      const answer = await runDoctor(context, cwd.value)
      return ok({ code: answer.ok ? 0 : 1, data: answer, text: () => doctorDoc(answer) })
    }
    const may = mayChangeSetup(context, 'doctor --repair', false)
    if (!may.ok) return may
    const repaired = await repair(context, cwd.value)
    const answer = await runDoctor(context, cwd.value)
    return ok({
      code: answer.ok ? 0 : 1,
      data: { ...answer, repaired },
      text: () => [...repairDoc(repaired), '', ...doctorDoc(answer)],
    })
  },
})
