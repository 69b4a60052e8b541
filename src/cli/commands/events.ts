import { sessionOf } from '../../ledger/events.ts'
import { plainJson } from '../../base/text.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { type EventView, viewEvent } from '../../views/events-view.ts'
import type { LedgerEvent } from '../../ledger/events.ts'
import { type CliCommand, type Io, command } from '../command.ts'
import { firstRun, followEvents } from '../follow-events.ts'
import { historyOf } from '../history-of.ts'
import { type CliOutcome, done, plainText } from '../outcome.ts'
import { eventLine, eventsDoc } from '../render/events.ts'
import { printDoc } from '../render/doc.ts'
import { waitingLine } from '../render/progress.ts'
import { screenWidth } from '../screen.ts'
import { homePlaces } from '../watch-home.ts'
import { type Since, parseSince } from '../since.ts'
import { type RunArgs, idIn, idTwice, whichRun } from '../which-run.ts'

/** `events`: what happened to a run, in order. `--follow` stays until it is closed: a line, or an object per line, each. */
export const events: CliCommand = command({
  flags: {
    follow: {
      type: 'boolean',
      describe: 'stay and print what comes, until the run is closed; waits for a run where there is none',
    },
    since: {
      type: 'string',
      describe:
        'only later ones: a number of an event (12), an age (30m, 2h, 1d) or a time (2026-01-31T12:00Z)',
    },
    ...whichRun.flags,
  },
  optional: whichRun.optional,
  usage: idTwice,
  run: (args, io) => {
    const since = parseSince(args.since, io.context.clock())
    if (since === null)
      return fail('bad-since', `"${args.since}" is not an event number, an age, or a time`, {
        fix: 'autonomous-loop events --since 30m',
      })
    return args.follow === true ? follow(args, since, io) : once(args, since, io)
  },
})

function once(args: RunArgs, since: Since, { context }: Io): Result<CliOutcome> {
  const history = historyOf(context, args)
  if (!history.ok) return history
  const { run, integrity } = history.value
  const shown = history.value.events.filter(since)
  return ok(
    done(
      {
        run_id: run.runId,
        session_id: sessionOf(run.activation),
        integrity: integrity.state,
        integrity_problem: integrity.problem,
        events: shown.map(eventAnswer),
      },
      () => eventsDoc(run, shown.map(viewEvent), integrity),
    ),
  )
}

async function follow(args: RunArgs, since: Since, io: Io): Promise<Result<CliOutcome>> {
  const look = () => historyOf(io.context, args)
  const line = waitingLine(io)
  line.show('no run here yet; waiting for one to begin')
  // Who names a run means one that is there.
  const first =
    idIn(args) === undefined ? await firstRun(look, homePlaces(io.context.env), io.interrupted) : look()
  line.clear()
  if (first === undefined) return ok(plainText([]))
  if (!first.ok) return first
  const { runId } = first.value.run
  const colour = io.interactive && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  const print = (event: LedgerEvent): void => {
    if (!since(event)) return
    process.stdout.write(
      io.json
        ? `${plainJson(eventAnswer(event))}\n`
        : printDoc([eventLine(viewEvent(event))], colour, screenWidth(process.stdout)),
    )
  }
  await followEvents({
    first: first.value,
    look: () => historyOf(io.context, { run: runId }),
    print,
    interrupted: io.interrupted,
  })
  return ok(plainText([]))
}

/** An event with its words beside its data, for machines. */
function eventAnswer(event: LedgerEvent): object {
  const view: EventView = viewEvent(event)
  return {
    seq: event.seq,
    at: new Date(event.at).toISOString(),
    type: event.type,
    text: view.text,
    data: event.data,
    hash: event.hash,
  }
}
