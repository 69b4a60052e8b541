import { randomBytes } from 'node:crypto'
import { type Result, ok } from '../../base/result.ts'
import { oneLine } from '../../base/text.ts'
import { execVariable } from '../../records/live.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { type ExecRun, execCode, runsMadeBy } from '../../views/exec-runs.ts'
import { type SetUp, setUpOf } from '../../views/set-up.ts'
import { command } from '../command.ts'
import { isOpen, isProvisional } from '../../verdict/standing.ts'
import { checkRelease } from '../settle-check.ts'
import type { CliOutcome } from '../outcome.ts'
import { runProgram } from '../run-program.ts'
import { type Doc, strong } from '../render/doc.ts'
import { stateSpan } from '../render/run.ts'

/** `exec -- codex exec …`: runs it with this terminal, then ends with the `status --check` code of the run it made or went on with. */
export const exec = command({
  flags: {},
  rest: 'command',
  run: async (args, { context, formAsked, interrupted }): Promise<Result<CliOutcome>> => {
    const mark = randomBytes(16).toString('hex')
    const since = context.clock()
    const ended = await runProgram(args.rest, { [execVariable]: mark }, interrupted)
    if (!ended.ok) return ended
    const runs = await Promise.all(
      runsMadeBy(context.env, mark, since).map(async (one): Promise<ExecRun> => {
        const checked = one.run && isProvisional(one.run) ? await checkRelease(context, one.sessionId) : null
        return checked ? { ...one, run: checked.run, notReleased: checked.why } : one
      }),
    )
    const setUp = setUpOf(context, findRepoRoot(context.env.cwd))
    const how = ended.value.signal ?? `exit status ${ended.value.code}`
    return ok({
      code: execCode(runs),
      stderr: true,
      // It stands among what the program says to a person; only who asks for JSON gets it.
      plain: !formAsked,
      data: {
        command: args.rest,
        exit_code: ended.value.code,
        signal: ended.value.signal,
        set_up: setUp,
        runs: runs.map(({ sessionId, run, refused, unchecked, notReleased }) => ({
          session_id: sessionId,
          run_id: run?.runId ?? null,
          state: run?.status ?? null,
          refused,
          unchecked_turn: unchecked,
          not_released: notReleased,
        })),
      },
      text: () => execDoc(runs, setUp, how),
    })
  },
})

/** What was refused comes first, then what is missing here, and only then what might be off. */
function whyNoRun(runs: readonly ExecRun[], setUp: SetUp): Doc {
  const refused = runs.flatMap((one) => one.refused ?? [])
  if (refused.length > 0) return refused.map((why) => `  Nothing was armed: ${why}`)
  if (!setUp.ready)
    return [`  Nothing can be armed here: ${setUp.reason}${setUp.fix === null ? '' : `. Fix: ${setUp.fix}`}`]
  return runs.length === 0
    ? ['  No session with our hooks was seen: autonomous-loop doctor says whether they are on.']
    : [
        '  Nothing armed one in this time: begin the prompt with $autonomous-loop, or let the agent enable one.',
      ]
}

function execDoc(runs: readonly ExecRun[], setUp: SetUp, how: string): Doc {
  const made = runs.flatMap((one) => (one.run ? [{ ...one, run: one.run }] : []))
  if (made.length === 0)
    return [`autonomous-loop: it ended (${how}) without a run.`, ...whyNoRun(runs, setUp)]
  return made.flatMap(({ run, sessionId, unchecked, notReleased }): Doc => [
    [
      'autonomous-loop: run ',
      strong(run.runId.slice(0, 12)),
      ' is ',
      stateSpan(run.status),
      `; it ended with ${how}.`,
    ],
    ...(unchecked === null ? [] : [`  The last turn ended without a check: ${oneLine(unchecked, 300)}`]),
    ...(notReleased === null ? [] : [`  It does not count as released: ${oneLine(notReleased, 300)}`]),
    ...(run.status === 'released' ? [] : [`  autonomous-loop explain ${run.runId.slice(0, 12)} says why.`]),
    ...(isOpen(run) ? [`  Go on: codex resume ${sessionId}`] : []),
  ])
}
