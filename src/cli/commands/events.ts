import { itemId } from '../../backlog/item-id.ts'
import { didYouMean } from '../../base/nearest.ts'
import { sessionOf } from '../../ledger/events.ts'
import { eventTypes } from '../../ledger/shape.ts'
import { siteOf } from '../../supervisor/batch/site.ts'
import { batchEventTypes } from '../../supervisor/record/batch-ledger.ts'
import { plainJson } from '../../base/text.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { type EventView, viewEvent } from '../../views/events-view.ts'
import type { LedgerEvent } from '../../ledger/events.ts'
import { type CliCommand, type Io, command } from '../command.ts'
import { type Wanted, batchEvents, followBatchEvents, isOfItem } from '../batch-events.ts'
import { directoryOf } from '../directory.ts'
import { firstOf, followEvents } from '../follow-events.ts'
import { historyOf } from '../history-of.ts'
import { type CliOutcome, done, plainText } from '../outcome.ts'
import { eventLine, eventsDoc } from '../render/events.ts'
import { printDoc } from '../render/doc.ts'
import { waitingLine } from '../render/progress.ts'
import { screenWidth } from '../screen.ts'
import { statusPlaces } from '../status-look.ts'
import { type Since, parseSince } from '../since.ts'
import { idIn } from '../which-run.ts'
import { type SubjectArgs, subjectOf, subjectTwice, whichSubject } from '../which-subject.ts'

/** `events`: what happened to a run or a batch, in order. `--follow` stays until it is over: a line, or an object per line, each. */
export const events: CliCommand = command({
  flags: {
    follow: {
      type: 'boolean',
      describe:
        'stay and print what comes, until the run is closed or the batch rests; waits for one where there is none',
    },
    since: {
      type: 'string',
      describe:
        'only later ones: a number of an event (12), an age (30m, 2h, 1d) or a time (2026-01-31T12:00Z)',
    },
    type: {
      type: 'string',
      array: true,
      value: 'type',
      describe: 'only these, as judged; repeat it for more',
    },
    item: { type: 'string', value: 'number', describe: 'of a batch: only those of this item' },
    ...whichSubject.flags,
  },
  optional: whichSubject.optional,
  usage: (args) => subjectTwice(args) ?? wrongType(args.type ?? []),
  run: (args, io) => {
    const since = parseSince(args.since, io.context.clock())
    if (since === null)
      return fail('bad-since', `"${args.since}" is not an event number, an age, or a time`, {
        fix: 'autonomous-loop events --since 30m',
      })
    const types = new Set(args.type ?? [])
    const wanted = (event: Parameters<Since>[0] & { readonly type: string }): boolean =>
      since(event) && (types.size === 0 || types.has(event.type))
    const asked = args.item === undefined ? args : { ...args, batch: args.batch ?? idIn(args) === undefined }
    const item = args.item === undefined ? null : itemId(args.item)
    return args.follow === true ? follow(asked, item, wanted, io) : once(asked, item, wanted, io)
  },
})

type WantedType = (event: Parameters<Since>[0] & { readonly type: string }) => boolean

const ofItem =
  (wanted: WantedType, item: string | null): Wanted =>
  (event) =>
    wanted(event) && (item === null || isOfItem(event, item))

function wrongType(types: readonly string[]): string | undefined {
  const all = [...eventTypes(), ...Object.keys(batchEventTypes)]
  const wrong = types.find((one) => !all.includes(one))
  return wrong === undefined ? undefined : `no event has the type "${wrong}"${didYouMean(wrong, all)}`
}

const noItems = fail('no-item', 'a run of a session has no items', {
  fix: 'autonomous-loop events --batch --item 001',
})

function once(
  args: SubjectArgs,
  item: string | null,
  wanted: WantedType,
  { context }: Io,
): Result<CliOutcome> {
  const subject = subjectOf(context, args)
  if (!subject.ok) return subject
  if (subject.value.kind === 'batch') return batchEvents(subject.value.found, ofItem(wanted, item))
  if (item !== null) return noItems
  const { run, integrity, events: all } = subject.value.history
  const shown = all.filter(wanted)
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

async function follow(
  args: SubjectArgs,
  item: string | null,
  wanted: WantedType,
  io: Io,
): Promise<Result<CliOutcome>> {
  const { context, interrupted } = io
  const cwd = directoryOf(context.env, args.cwd)
  if (!cwd.ok) return cwd
  if (args.batch === true) {
    const site = siteOf(cwd.value)
    return site.ok ? followBatchEvents(site.value, null, ofItem(wanted, item), io) : site
  }
  const look = () => subjectOf(context, args)
  const line = waitingLine(io)
  line.show('no run and no batch here yet; waiting for one to begin')
  // Who names one means one that is there.
  const first =
    idIn(args) === undefined ? await firstOf(look, statusPlaces(context, cwd.value), interrupted) : look()
  line.clear()
  if (first === undefined) return ok(plainText([]))
  if (!first.ok) return first
  if (first.value.kind === 'batch') {
    const { batch, state } = first.value.found
    return followBatchEvents(state.opened, idIn(args) === undefined ? null : batch, ofItem(wanted, item), io)
  }
  if (item !== null) return noItems
  const { history } = first.value
  const { runId } = history.run
  const colour = io.interactive && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  const print = (event: LedgerEvent): void => {
    if (!wanted(event)) return
    process.stdout.write(
      io.json
        ? `${plainJson(eventAnswer(event))}\n`
        : printDoc([eventLine(viewEvent(event))], colour, screenWidth(process.stdout)),
    )
  }
  await followEvents({
    first: history,
    look: () => historyOf(context, { run: runId }),
    print,
    interrupted,
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
