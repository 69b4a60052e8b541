import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import { sha256 } from '../../base/hash.ts'
import { parseJson } from '../../base/json.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { REVIEW_VERDICTS, SEVERITIES } from '../../agents/review-answer.ts'
import type { Review } from '../record/review.ts'

/** What is told apart: the question, and who is asked. */
export interface VerdictKey {
  /** Of the batches of the repository. */
  readonly dir: string
  readonly prompt: string
}

const kept = z.record(
  z.string(),
  z.object({
    tree: z.string(),
    verdict: z.enum(REVIEW_VERDICTS),
    findings: z.array(
      z.object({
        severity: z.enum(SEVERITIES),
        file: z.nullable(z.string()),
        line: z.nullable(z.number()),
        quote: z.string(),
        text: z.string(),
        stands: z.boolean(),
      }),
    ),
  }),
)

const fileOf = ({ dir, prompt }: VerdictKey): string => path.join(dir, 'reviews', `${sha256(prompt)}.json`)

/** Verdicts of a review that could not be ended, by agent; empty where there was none, or nobody can read it. */
export function readVerdicts(key: VerdictKey): ReadonlyMap<string, Review> {
  const read = readTextSafe(fileOf(key), { maxBytes: 16 << 20 })
  const json = read.ok ? parseJson(read.value, 'verdicts') : read
  const parsed = json.ok ? z.safeParse(kept, json.value) : null
  return new Map(parsed?.success === true ? Object.entries(parsed.data) : [])
}

/** Keeps them for the next call; none at all once every verdict is there. It only saves asking again, so a failure says nothing. */
export function keepVerdicts(key: VerdictKey, verdicts: ReadonlyMap<string, Review>): void {
  try {
    if (verdicts.size === 0) fs.rmSync(fileOf(key), { force: true })
    else {
      fs.mkdirSync(path.dirname(fileOf(key)), { recursive: true, mode: 0o700 })
      writeFileWhole(fileOf(key), `${JSON.stringify(Object.fromEntries(verdicts))}\n`)
    }
  } catch {
    // The next call asks everybody.
  }
}
