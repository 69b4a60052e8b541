import { ok } from '../../base/result.ts'
import { type EnableAnswer, requestEnable } from '../../control/request-enable.ts'
import { command, cwdFlag, sessionFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { done } from '../outcome.ts'
import { type Doc, columns, good, quiet, strong, warn } from '../render/doc.ts'

/** `request enable`: a run, more tasks for the open one, a spooled request, or a claim token; the answer says which. */
export const requestEnableCommand = command({
  flags: {
    ...cwdFlag,
    objective: { type: 'string', demandOption: true, describe: 'what is to be done, in a sentence' },
    'task-json': { type: 'string', array: true, describe: 'a task as JSON; repeat it for more tasks' },
    'gate-profile': {
      type: 'string',
      describe: "profile of the config that must pass (default: the config's)",
    },
    'max-stop-iterations': { type: 'number', describe: 'blocked stops after which the run halts' },
    ...sessionFlag,
  },
  run: async (args, { context }) => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const answer = await requestEnable(context, {
      cwd: cwd.value,
      sessionId: args['session-id'] ?? null,
      input: {
        objective: args.objective,
        taskTexts: args['task-json'] ?? [],
        gateProfile: args['gate-profile'] ?? null,
        maxStopIterations: args['max-stop-iterations'] ?? null,
      },
    })
    return answer.ok ? ok(done(answer.value, () => enableDoc(answer.value))) : answer
  },
})

function enableDoc(answer: EnableAnswer): Doc {
  if (answer.activation_mode === 'claim-token')
    return [
      'The request waits for its session. There, the assistant must say:',
      ['  ', strong(answer.claim_token)],
      'and let that turn end.',
    ]
  return [
    [good(answer.state === 'requested' ? 'Requested' : 'Armed'), ` in ${answer.repo_root}`],
    ...columns(
      [
        [quiet('session'), answer.session_id],
        [quiet('run'), answer.run_id],
        [quiet('tasks'), answer.tasks.join(', ')],
        [quiet('enforced'), answer.enforced === 'unproven' ? warn('unproven') : good(answer.enforced)],
      ],
      2,
    ),
    ...(answer.enforced === 'unproven' ? [[warn('warning: '), answer.warning]] : []),
  ]
}
