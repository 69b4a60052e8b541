import { ok } from '../../base/result.ts'
import type { Context } from '../../control/context.ts'
import { type EnableAnswer, requestEnable } from '../../control/request-enable.ts'
import { command, cwdFlag, sessionFlag } from '../command.ts'
import { codexRunsOurHooks } from '../codex-says.ts'
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
    if (!answer.ok) return answer
    const said = await askedCodex(context, answer.value)
    return ok(done(said, () => enableDoc(said)))
  },
})

/** No hook of the session reported in, but Codex says that it runs them: a session that begins now is held. */
type Trusted = Omit<Extract<EnableAnswer, { enforced: 'unproven' }>, 'enforced'> & {
  readonly enforced: 'trusted'
}

async function askedCodex(context: Context, answer: EnableAnswer): Promise<EnableAnswer | Trusted> {
  if (answer.activation_mode === 'claim-token' || answer.enforced === 'proven') return answer
  return (await codexRunsOurHooks(context, answer.repo_root))
    ? {
        ...answer,
        enforced: 'trusted',
        warning:
          'No hook of this session has reported in yet, but Codex says that it runs our hooks. A session that began before they were trusted must be restarted.',
      }
    : answer
}

function enableDoc(answer: EnableAnswer | Trusted): Doc {
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
    ...(answer.enforced === 'proven' ? [] : [[warn('warning: '), answer.warning]]),
  ]
}
