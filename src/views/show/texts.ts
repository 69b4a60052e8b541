import { type Result, ok } from '../../base/result.ts'
import type { Context } from '../../records/context.ts'
import type { FoundBatch } from '../../supervisor/batch/find-batch.ts'
import { endOf, textOf } from './attempt-files.ts'
import type { ShownAttempt } from './show-item.ts'
import { ownOfBatch, patchOf } from './work.ts'

/** Texts that are shown whole. */
export interface TextsAsked {
  readonly diff: boolean
  readonly prompt: boolean
  readonly log: boolean
}

export interface Texts {
  /** Null: it was not asked for, or there is none. */
  readonly patch: string | null
  /** Of each turn; null: they were not asked for. `text` null: it is gone. */
  readonly prompts: readonly { readonly turn: number; readonly text: string | null }[] | null
  /** The logs were asked for whole. */
  readonly wholeLog: boolean
  /** What the agent printed in each turn of which something is left. */
  readonly logs: readonly ShownLog[]
}

export interface ShownLog {
  readonly turn: number
  /** All of it where that was asked for, else the end. */
  readonly text: string
  /** Bytes before that. */
  readonly cut: number
}

/** Of the end of a log. Bytes. */
const MOST_END = 1 << 16
/** More than a log has. */
const WHOLE = 1 << 26

/** Reads them. Codes: those of git (git-output-too-large: a patch too long to be shown). */
export async function textsOf(
  context: Context,
  { state }: FoundBatch,
  shown: ShownAttempt | null,
  { diff, prompt, log }: TextsAsked,
): Promise<Result<Texts>> {
  const turns = shown?.turns ?? []
  const patch = diff ? await readPatch() : ok(null)
  if (!patch.ok) return patch
  return ok({
    patch: patch.value,
    prompts: prompt ? turns.map((one) => ({ turn: one.turn, text: textOf(one.prompt) })) : null,
    wholeLog: log,
    logs: turns.flatMap(({ turn, log: file }): readonly ShownLog[] => {
      const end = endOf(file, log ? WHOLE : MOST_END)
      return end === null || end.text === '' ? [] : [{ turn, ...end }]
    }),
  })

  async function readPatch(): Promise<Result<string | null>> {
    if (shown === null || shown.work === null) return ok(null)
    const own = ownOfBatch(context, state.opened)
    if (!own.ok) return own
    const text = await patchOf(own.value, shown.work)
    return text.ok ? ok(text.value.toString('utf8')) : text
  }
}
