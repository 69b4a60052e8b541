import { ok } from '../../base/result.ts'
import { pauseActiveGoal } from '../../setup/goal-pause.ts'
import { command } from '../command.ts'
import { done } from '../outcome.ts'

/** `goal-pause`: what the stop hook starts when a run is released, parked or halted while Codex pursues a goal. */
export const goalPause = command({
  flags: {
    'session-id': { type: 'string', demandOption: true, describe: "Codex's id of the session" },
  },
  run: async (args, { context }) => {
    const paused = await pauseActiveGoal(context.env, args['session-id'])
    if (!paused.ok) return paused
    const { before, after } = paused.value
    return ok(done({ ok: true, before, after }, () => [`The goal was ${before} and is ${after}.`]))
  },
})
