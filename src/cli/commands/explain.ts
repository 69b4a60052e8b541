import { type Result, ok } from '../../base/result.ts'
import type { FoundBatch } from '../../supervisor/batch/find-batch.ts'
import { explain as explainStop } from '../../views/explain.ts'
import type { RunHistory } from '../../views/history.ts'
import { explainBatch, explainItem } from '../../views/show/explain-item.ts'
import { sessionOf } from '../../ledger/events.ts'
import { type Io, command } from '../command.ts'
import { nextIn } from '../next-in.ts'
import { type CliOutcome, done } from '../outcome.ts'
import { batchWhyDoc, itemWhyDoc } from '../render/explain-batch.ts'
import { batchWhyAnswer, itemWhyAnswer } from '../render/explain-batch-answer.ts'
import { explainDoc } from '../render/explain.ts'
import { explainAnswer } from '../render/report-answer.ts'
import { type SubjectArgs, isNewest, subjectOf, subjectTwice, whichSubject } from '../which-subject.ts'

interface Asked extends SubjectArgs {
  readonly stop?: number | undefined
  readonly full?: boolean | undefined
  readonly item?: string | undefined
  readonly attempt?: number | undefined
}

/** `explain`: one verdict, or where a batch stands, taken apart from what was recorded; no gate is run. */
export const explain = command({
  flags: {
    stop: { type: 'number', describe: 'number of the stop (default: the last one)' },
    full: { type: 'boolean', describe: 'the whole recorded output of every command' },
    item: { type: 'string', value: 'number', describe: 'of a batch: one item of it' },
    attempt: { type: 'number', describe: 'of the item (default: the last one)' },
    ...whichSubject.flags,
  },
  optional: whichSubject.optional,
  usage: (args) =>
    args.attempt !== undefined && args.item === undefined
      ? '--attempt is of an item: add --item <number>'
      : subjectTwice(args),
  run: (args, io) => {
    const subject = subjectOf(io.context, { ...args, batch: args.batch === true || isOfBatch(args) })
    if (!subject.ok) return subject
    return subject.value.kind === 'run'
      ? explainRun(subject.value.history, args, io)
      : explainIn(subject.value.found, args, io)
  },
})

/** An item is one of the newest batch, unless an id says of which. */
const isOfBatch = (args: Asked): boolean =>
  args.item !== undefined && [args.id, args.run, args['session-id']].every((id) => id === undefined)

function explainRun(history: RunHistory, args: Asked, { context }: Io): Result<CliOutcome> {
  const found = explainStop(history, args.stop ?? null)
  if (!found.ok) return found
  const { run } = history
  const session = sessionOf(run.activation)
  const next = session === null ? '' : nextIn(context, session)
  return ok(
    done(explainAnswer(history, found.value), () =>
      explainDoc(run, found.value, context.clock(), args.full === true, next),
    ),
  )
}

function explainIn(found: FoundBatch, args: Asked, { context }: Io): Result<CliOutcome> {
  if (args.item === undefined) {
    const why = explainBatch(context, found)
    return why.ok ? ok(done(batchWhyAnswer(why.value), () => batchWhyDoc(why.value))) : why
  }
  const why = explainItem(context, found, {
    item: args.item,
    attempt: args.attempt ?? null,
    stop: args.stop ?? null,
    isNewest: isNewest(context, found),
  })
  if (!why.ok) return why
  return ok(done(itemWhyAnswer(why.value), () => itemWhyDoc(why.value, context.clock(), args.full === true)))
}
