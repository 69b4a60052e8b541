import path from 'node:path'
import type { Context } from '../../records/context.ts'
import type { FoundBatch } from '../../supervisor/batch/find-batch.ts'
import { attemptPaths } from '../../supervisor/batch/paths.ts'
import { removedLogs } from '../../supervisor/record/removed-logs.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { type TurnRecord, type AttemptRecord, eventsOfItem } from './attempts.ts'
import { filesBelow, turnFiles } from './attempt-files.ts'
import { type ShownItem, eventsOfBatch } from './show-item.ts'
import { ownOfBatch, patchOf, workView } from './work.ts'

/** One file of an export: a text of ours, or the bytes of a file as it is then. */
export type ExportFile =
  | { readonly path: string; readonly text: string | Buffer }
  | { readonly path: string; readonly from: string }

export interface ItemExport {
  readonly files: readonly ExportFile[]
  /** What could not be had, and why. */
  readonly missing: readonly { readonly what: string; readonly why: string }[]
}

/**
 * Everything that is kept of an item: its text, its events, and of each attempt prompts, answers, logs, patch and the engine's record. Reads
 * only, also while the batch runs. Codes: those of readBatch.
 */
export async function itemExport(
  context: Context,
  found: FoundBatch,
  { item, text, attempts }: Pick<ShownItem, 'item' | 'text' | 'attempts'>,
): Promise<Result<ItemExport>> {
  const events = eventsOfBatch(found)
  if (!events.ok) return events
  const parts: ItemExport[] = []
  for (const one of attempts) parts.push(await attemptExport(context, found, one))
  return ok({
    files: [
      { path: `item${path.posix.extname(item.file)}`, text },
      { path: 'events.jsonl', text: lines(eventsOfItem(events.value, item.id)) },
      ...parts.flatMap((one) => one.files),
    ],
    missing: parts.flatMap((one) => one.missing),
  })
}

const lines = (all: readonly unknown[]): string => all.map((one) => `${JSON.stringify(one)}\n`).join('')
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

async function attemptExport(
  context: Context,
  found: FoundBatch,
  attempt: AttemptRecord,
): Promise<ItemExport> {
  const { item, attempt: nth, turns } = attempt
  const { dir, place } = attemptPaths(found.paths, item, nth)
  const own = `attempt-${nth}`
  const numbers = [...new Set(turns.map((one) => one.turn))]
  const left = numbers.map((turn) => turnFiles(found.paths, item, nth, turn))
  const work = await workFiles(context, found, attempt)
  const isRemoved = removedLogs(found.paths).has(path.basename(dir))
  const judged = filesBelow(place.dir).filter(
    ({ path: name }) => name === 'ledger.jsonl' || name.startsWith('gates/'),
  )
  return {
    files: [
      ...left.flatMap(({ turn, prompt, log }): ExportFile[] => [
        ...(prompt === null ? [] : [{ path: `${own}/prompt-${turn}.md`, from: prompt.path }]),
        ...(log === null ? [] : [{ path: `${own}/agent-${turn}.log`, from: log.path }]),
      ]),
      ...(attempt.plans.length === 0
        ? []
        : [
            {
              path: `${own}/plans.json`,
              text: json(attempt.plans.map((one) => ({ ...one, claimed: true }))),
            },
          ]),
      { path: `${own}/answers.json`, text: json(turns.map(answerOf)) },
      { path: `${own}/verdicts.json`, text: json(attempt.looks) },
      ...judged.map((one) => ({ path: `${own}/judged/${one.path}`, from: path.join(place.dir, one.path) })),
      ...work.files.map((one) => ({ ...one, path: `${own}/${one.path}` })),
    ],
    missing: [
      ...left.flatMap(({ turn, prompt }) =>
        prompt === null ? [{ what: `${own}: the prompt of turn ${turn}`, why: 'it is gone' }] : [],
      ),
      ...(isRemoved ? [{ what: `${own}: logs`, why: 'clean removed them' }] : []),
      ...work.missing.map(({ what, why }) => ({ what: `${own}: ${what}`, why })),
    ],
  }
}

/** What an agent said at the end of a turn: all of it is claimed. */
function answerOf({ turn, agent, ended }: TurnRecord): object {
  return { turn, agent, claimed: true, outcome: ended?.outcome ?? null, claim: ended?.claim ?? null }
}

/** The patch and the paths of an attempt. */
async function workFiles(
  context: Context,
  { state }: FoundBatch,
  attempt: AttemptRecord,
): Promise<ItemExport> {
  const read = await readWork()
  if (!read.ok) return { files: [], missing: [{ what: 'its work', why: read.error.message }] }
  return { files: read.value, missing: [] }

  async function readWork(): Promise<Result<readonly ExportFile[]>> {
    const own = ownOfBatch(context, state.opened)
    if (!own.ok) return own
    const work = await workView(own.value, attempt)
    if (!work.ok) return work
    if (work.value === null) return ok([])
    const patch = await patchOf(own.value, work.value)
    if (!patch.ok) return fail(patch.error.code, patch.error.message)
    return ok([
      { path: 'work.json', text: json(work.value) },
      { path: 'work.patch', text: patch.value },
    ])
  }
}
