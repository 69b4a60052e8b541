import { type Failure, type Result, fail, ok } from '../../base/result.ts'
import { oneLine } from '../../base/text.ts'
import { findNamed } from '../../control/named-run.ts'
import type { Context } from '../../records/context.ts'
import { stateCode } from '../../views/state-code.ts'
import {
  type AskedSession,
  type Status,
  checkCode,
  checkedRun,
  status as statusOf,
} from '../../views/status.ts'
import { newestBatch } from '../../supervisor/batch/find-batch.ts'
import { siteOf } from '../../supervisor/batch/site.ts'
import { lookAround } from '../../views/batch-around.ts'
import { batchView } from '../../views/batch-status.ts'
import { batchDoc } from '../render/batch.ts'
import { command } from '../command.ts'
import { directoryOf } from '../directory.ts'
import type { CliOutcome } from '../outcome.ts'
import { failureOutcome } from '../render/failure.ts'
import { bad } from '../render/doc.ts'
import { statusDoc } from '../render/status.ts'
import { checkRelease } from '../settle-check.ts'
import { type RunArgs, idIn, idTwice, whichRun } from '../which-run.ts'
import { watchScreen } from '../watch-screen.ts'
import { homePlaces } from '../watch-home.ts'

/** `status`: what is recorded. With `--check` the exit status says how the newest (or the open) run stands. */
export const status = command({
  flags: {
    ...whichRun.flags,
    all: { type: 'boolean', describe: 'runs of every repository of this machine' },
    watch: { type: 'boolean', describe: 'stay, and draw again when something changes; q ends' },
    batch: { type: 'boolean', describe: 'the newest batch of this repository in place of sessions' },
    check: {
      type: 'boolean',
      describe:
        'exit with 0 released, 4 active, 5 parked, 6 paused, 7 halted, 8 no run, 9 waived or disabled; of a batch 0 completed, 10 suspended',
    },
  },
  optional: whichRun.optional,
  usage: idTwice,
  run: async (args, { context, interactive, interrupted }) => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    if (args.batch === true) return batchStatus(context, cwd.value, args.check === true)
    const named = namedBy(context, args)
    if (!named.ok) return args.check === true && named.error.code === 'no-run' ? noRun(named.error) : named
    const look = () => statusOf(context, cwd.value, named.value, args.all === true ? 'all' : 'repository')
    if (args.watch === true) {
      if (!interactive)
        return fail('no-terminal', '--watch draws on a terminal, and this is not one', {
          fix: 'autonomous-loop events --follow',
        })
      await watchScreen(() => docOf(context, look, args.all === true), homePlaces(context.env), interrupted)
    }
    const before = look()
    if (!before.ok) return before
    const why = args.check === true ? await unsettled(context, before.value) : null
    const found = args.check === true ? look() : before
    if (!found.ok) return found
    const code =
      args.check !== true ? 0 : why === null ? checkCode(found.value.sessions) : stateCode('active')
    return ok({
      code,
      data: args.check === true ? { ...found.value, not_released: why } : found.value,
      text: () => [
        ...statusDoc(found.value, context.clock(), args.all),
        ...(why === null ? [] : ['', [bad('not released: '), oneLine(why, 400)]]),
      ],
    })
  },
})

/** How the newest batch stands; with `--check` its state is the exit status. */
function batchStatus(context: Context, cwd: string, check: boolean): Result<CliOutcome> {
  const site = siteOf(cwd)
  if (!site.ok) return site
  const found = newestBatch(context.env.home, site.value.repoId)
  if (!found.ok) return found
  if (found.value === null) {
    const none = {
      code: 'batch-missing' as const,
      message: 'this repository has no batch',
      fix: 'autonomous-loop run',
    }
    return check ? ok(failureOutcome(none, stateCode(null))) : { ok: false, error: none }
  }
  const view = batchView(found.value.batch, found.value.state, lookAround(found.value.state, context))
  return ok({ code: check ? view.exit_code : 0, data: view, text: () => batchDoc(view, null) })
}

/** Why the run that is asked about does not count as released although it was; null where it does, or was not. */
async function unsettled(context: Context, { sessions }: Status): Promise<string | null> {
  const run = checkedRun(sessions)
  if (run?.release !== 'provisional') return null
  return (await checkRelease(context, run.session_id))?.why ?? null
}

/** A session that nothing is known of has no runs; any other id that nothing is known of is a mistake. */
function namedBy(context: Context, args: RunArgs): Result<AskedSession | null> {
  const id = idIn(args)
  if (id === undefined) return ok(null)
  const named = findNamed(context, id)
  if (named.ok)
    return ok({
      sessionId: named.value.sessionId,
      runId: named.value.kind === 'run' ? named.value.run.run.runId : null,
    })
  return named.error.code === 'no-run' && args['session-id'] !== undefined
    ? ok({ sessionId: id, runId: null })
    : named
}

/** `--check` says by its status that there is no run. */
function noRun(failure: Failure): Result<CliOutcome> {
  return ok(failureOutcome(failure, stateCode(null)))
}

function docOf(context: Context, look: () => ReturnType<typeof statusOf>, all: boolean) {
  const found = look()
  return found.ok ? statusDoc(found.value, context.clock(), all) : [found.error.message]
}
