import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import { plainJson } from '../../base/text.ts'
import { proposalFile } from '../batch/paths.ts'
import type { AttemptState } from '../record/state.ts'
import type { World } from '../world.ts'

/** Keeps what an attempt proposed as a file for people; the ledger has the same. Code: batch-unwritable. */
export function keepProposal({ batch, ledger }: World, { item, attempt }: AttemptState): Result<void> {
  const had = ledger.state().items.get(item)?.proposal
  if (had?.attempt !== attempt) return ok(undefined)
  const { summary, proposal } = had
  const file = proposalFile(batch, item, attempt)
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    writeFileWhole(file, `${plainJson({ item, attempt, summary, proposal }, 2)}\n`)
    return ok(undefined)
  } catch (error) {
    return fail('batch-unwritable', `${file} could not be written: ${systemWords(error)}`)
  }
}
