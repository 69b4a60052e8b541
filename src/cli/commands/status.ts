import { type Failure, type Result, fail, ok } from '../../base/result.ts'
import { oneLine } from '../../base/text.ts'
import { findNamed } from '../../control/named-run.ts'
import type { Context } from '../../records/context.ts'
import { stateCode } from '../../views/state-code.ts'
import { type AskedSession, type Status, checkCode, checkedRun } from '../../views/status.ts'
import type { BatchView } from '../../views/batch-status.ts'
import { batchDoc } from '../render/batch.ts'
import type { Folded } from '../render/batch-items.ts'
import { command } from '../command.ts'
import { directoryOf } from '../directory.ts'
import type { CliOutcome } from '../outcome.ts'
import { failureOutcome } from '../render/failure.ts'
import { type Doc, bad } from '../render/doc.ts'
import { statusHereDoc } from '../render/status-here.ts'
import { checkRelease } from '../settle-check.ts'
import { type RunArgs, idIn, idTwice, whichRun } from '../which-run.ts'
import { watchScreen } from '../watch-screen.ts'
import { type StatusHere, batchLook, statusLook, statusPlaces } from '../status-look.ts'

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
    const watched = args.watch === true && !interactive
    if (watched)
      return fail('no-terminal', '--watch draws on a terminal, and this is not one', {
        fix: 'autonomous-loop events --follow',
      })
    if (args.batch === true) {
      const look = batchLook(context, cwd.value)
      if (args.watch === true) {
        const draw = docOf(look, (view, folded) => batchDoc(view, context.clock(), null, folded))
        await watchScreen(draw, statusPlaces(context, cwd.value), interrupted)
      }
      return batchStatus(look(), context, args.check === true)
    }
    const named = namedBy(context, args)
    if (!named.ok) return args.check === true && named.error.code === 'no-run' ? noRun(named.error) : named
    const all = args.all === true
    const look = statusLook(context, cwd.value, named.value, all)
    const doc = (found: StatusHere, folded: Folded): Doc => statusHereDoc(found, context.clock(), all, folded)
    if (args.watch === true) {
      await watchScreen(docOf(look, doc), statusPlaces(context, cwd.value), interrupted)
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
        ...doc(found.value, isLong(found.value) ? 'over' : 'none'),
        ...(why === null ? [] : ['', [bad('not released: '), oneLine(why, 400)]]),
      ],
    })
  },
})

/** How the newest batch stands; with `--check` its state is the exit status. */
function batchStatus(found: Result<BatchView>, context: Context, check: boolean): Result<CliOutcome> {
  if (!found.ok) return check && found.error.code === 'batch-missing' ? noRun(found.error) : found
  const view = found.value
  return ok({ code: check ? view.exit_code : 0, data: view, text: () => batchDoc(view, context.clock()) })
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

/** Of a long batch beside sessions, what is over shares a line. */
const isLong = ({ batch }: StatusHere): boolean => (batch?.items.length ?? 0) > 12

/** Looks once, and draws that as a screen has room for it. */
function docOf<T>(look: () => Result<T>, doc: (value: T, folded: Folded) => Doc) {
  return () => {
    const found = look()
    return (folded: Folded): Doc => (found.ok ? doc(found.value, folded) : [found.error.message])
  }
}
