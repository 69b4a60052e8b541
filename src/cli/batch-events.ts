import { type Result, ok } from '../base/result.ts'
import { plainJson } from '../base/text.ts'
import type { SeenBatch } from '../supervisor/batch/find-batch.ts'
import type { Site } from '../supervisor/batch/site.ts'
import { readBatch } from '../supervisor/record/batch-ledger.ts'
import type { BatchEvent } from '../supervisor/record/events.ts'
import type { Io } from './command.ts'
import { followBatch } from './follow-batch.ts'
import { type CliOutcome, done, plainText } from './outcome.ts'
import { batchEventView, restWords } from './render/batch-event.ts'
import { eventLine } from './render/events.ts'
import { printDoc, quiet, strong } from './render/doc.ts'
import { waitingLine } from './render/progress.ts'
import { screenWidth } from './screen.ts'

/** Which events are asked for. */
export type Wanted = (event: BatchEvent) => boolean

/** Whether an event is about this item. */
export function isOfItem(event: BatchEvent, id: string): boolean {
  if (event.type === 'item-accepted') return event.data.item.id === id
  if (event.type === 'item-dropped' && event.data.with.includes(id)) return true
  return 'item' in event.data && event.data.item === id
}

/** What happened to a batch. Codes: those of readBatch. */
export function batchEvents({ batch, paths }: SeenBatch, wanted: Wanted): Result<CliOutcome> {
  const events: BatchEvent[] = []
  const read = readBatch(paths.ledger, (event) => {
    if (wanted(event)) events.push(event)
  })
  if (!read.ok) return read
  const torn = read.value.torn !== null
  return ok(
    done({ batch, integrity: torn ? 'torn-tail' : 'intact', events: events.map(batchEventAnswer) }, () => [
      [strong(`Batch ${batch}`)],
      ...(events.length === 0
        ? [[quiet('  nothing since then')]]
        : events.map((event) => eventLine(batchEventView(event)))),
    ]),
  )
}

/** Stays until the batch has come to rest and nobody goes on with it. `batch`: null: the newest, also where there is none yet. */
export async function followBatchEvents(
  site: Pick<Site, 'repoId'>,
  batch: string | null,
  wanted: Wanted,
  io: Io,
): Promise<Result<CliOutcome>> {
  const line = waitingLine(io)
  const colour = io.interactive && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  const print = (event: BatchEvent): void => {
    if (!wanted(event)) return
    process.stdout.write(
      io.json
        ? `${plainJson(batchEventAnswer(event))}\n`
        : printDoc([eventLine(batchEventView(event))], colour, screenWidth(process.stdout)),
    )
  }
  const waits = (what: 'batch' | 'process' | null): void => {
    if (what === null) line.clear()
    else
      line.show(
        what === 'batch' ? 'no batch here yet; waiting for one to begin' : 'nobody works at it; waiting',
      )
  }
  const following = { site, batch, from: 'first-event', until: 'rested', waits } as const
  const ended = await followBatch(io.context, following, print, io.interrupted)
  if (ended === undefined || (ended.ok && ended.value === null)) return ok(plainText([]))
  if (!ended.ok) return ended
  const rest = ended.value?.found.state.rest ?? null
  if (io.json || rest === null) return ok(plainText([]))
  return ok(plainText([[`It is ${restWords(rest)}: `, strong('autonomous-loop status --batch')]]))
}

/** An event with its words beside its data, for machines. */
function batchEventAnswer(event: BatchEvent): object {
  const { seq, at, type, data, hash } = event
  return { seq, at: new Date(at).toISOString(), type, text: batchEventView(event).text, data, hash }
}
