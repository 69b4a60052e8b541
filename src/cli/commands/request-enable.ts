import { type Result, ok } from '../../base/result.ts'
import type { EnableInput } from '../../control/activation.ts'
import { sessionNamed } from '../../control/named-run.ts'
import type { Context } from '../../records/context.ts'
import { type EnableAnswer, requestEnable } from '../../control/request-enable.ts'
import { inputFrom } from '../checked-contract.ts'
import { command, cwdFlag, sessionFlag } from '../command.ts'
import { codexRunsOurHooks } from '../codex-says.ts'
import { directoryOf } from '../directory.ts'
import { done } from '../outcome.ts'
import { type Doc, type Line, columns, good, quiet, strong, warn } from '../render/doc.ts'
import { protectsNothingWords } from '../../verdict/words/protects-nothing.ts'
import { unmatchedCopies } from '../../verdict/words/copies.ts'
import { waitingLine } from '../render/progress.ts'

/** `request enable`: a run, more tasks for the open one, a spooled request, or a claim token; the answer says which. */
export const requestEnableCommand = command({
  flags: {
    ...cwdFlag,
    objective: { type: 'string', describe: 'what is to be done, in a sentence' },
    contract: {
      type: 'string',
      value: 'contract',
      describe:
        'a contract file (.yaml, .json, .md), or the name of one in .codex/contracts/, instead of the flags below',
    },
    'task-json': { type: 'string', array: true, describe: 'a task as JSON; repeat it for more tasks' },
    'gate-profile': {
      type: 'string',
      value: 'profile',
      describe: "profile of the config that must pass (default: the config's)",
    },
    'max-stop-iterations': { type: 'number', describe: 'blocked stops after which the run halts' },
    scope: {
      type: 'string',
      array: true,
      value: 'entry',
      describe:
        "what alone may differ in this run, within the config's scope: a glob, or part of a file such as package.json#/dependencies; repeat it for more",
    },
    ...sessionFlag,
  },
  usage: (args) => {
    if (args.contract === undefined)
      return args.objective === undefined
        ? '--objective is missing: what is to be done, in a sentence (or name a file with --contract)'
        : undefined
    const both = (['objective', 'task-json', 'gate-profile', 'max-stop-iterations', 'scope'] as const).find(
      (flag) => args[flag] !== undefined,
    )
    return both && `--contract and --${both} cannot be given together: the file says it`
  },
  run: async (args, io) => {
    const { context } = io
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const asked = args['session-id']
    const session = asked === undefined ? ok(null) : sessionNamed(context, asked)
    if (!session.ok) return session
    const given = args.contract === undefined ? ok(inputOf(args)) : fromFile(args.contract, cwd.value)
    if (!given.ok) return given
    const line = waitingLine(io)
    line.show('looking at the workspace as it is now')
    const answer = await requestEnable(context, {
      cwd: cwd.value,
      sessionId: session.value,
      input: given.value,
    })
    line.clear()
    if (!answer.ok) return answer
    const said = await askedCodex(context, answer.value)
    return ok(done(said, () => enableDoc(said)))
  },
})

function inputOf(args: {
  readonly objective: string | undefined
  readonly 'task-json': string[] | undefined
  readonly 'gate-profile': string | undefined
  readonly 'max-stop-iterations': number | undefined
  readonly scope: string[] | undefined
}): EnableInput {
  return {
    objective: args.objective ?? '',
    taskTexts: args['task-json'] ?? [],
    gateProfile: args['gate-profile'] ?? null,
    maxStopIterations: args['max-stop-iterations'] ?? null,
    scope: args.scope ?? null,
  }
}

function fromFile(named: string, cwd: string): Result<EnableInput> {
  const found = inputFrom(named, cwd)
  return found.ok ? ok(found.value.input) : found
}

/** No hook of the session reported in, but Codex says that it runs them: a session that begins now is held. */
type Trusted = Omit<Extract<EnableAnswer, { enforced: 'unproven' }>, 'enforced'> & {
  readonly enforced: 'trusted'
}

async function askedCodex(context: Context, answer: EnableAnswer): Promise<EnableAnswer | Trusted> {
  if (answer.activation_mode === 'claim-token' || answer.enforced === 'proven') return answer
  // Codex's word is about the next session; what holds this one is known already.
  if (answer.stop_hook !== undefined) return answer
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
    ...(answer.copy_unmatched ? [[warn('copy: '), unmatchedCopies(answer.copy_unmatched)]] : []),
    ...(answer.protects_nothing
      ? [[warn('evidence: '), protectsNothingWords(answer.protects_nothing, 'was')]]
      : []),
    ...(answer.changed_before ?? []).map((text): Line => [
      warn('since the session began, what the gates mean has changed: '),
      text,
    ]),
  ]
}
