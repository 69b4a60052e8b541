import fs from 'node:fs'
import { type Result, ok } from '../../base/result.ts'
import { readRecords } from '../../ledger/chain.ts'
import { readBatch, shapeOf } from './batch-ledger.ts'
import { type Checkpoint, markOf, readCheckpoint } from './checkpoint.ts'
import type { BatchEvent } from './events.ts'
import { addEvent } from './fold.ts'
import type { BatchState } from './state.ts'

/** Looks at a batch again and again while others write. */
export interface BatchReader {
  /**
   * What it comes to by now; null: no event yet. `each` is told of the events that no look before has seen. A last line that is still being
   * written is not there yet. Codes: those of readBatch.
   */
  look(each?: (event: BatchEvent) => void): Result<BatchState | null>
}

/**
 * Reads only what is new. `from`: the first look begins at a checkpoint, and is told of no event before it, or at the first event. Nothing that
 * is done or vouched for may rest on a checkpoint.
 */
export function batchReader(file: string, from: 'checkpoint' | 'beginning'): BatchReader {
  let known = from === 'checkpoint' ? readCheckpoint(file) : null
  let seen = 0
  return {
    look(each = () => {}) {
      const fresh = (event: BatchEvent): void => {
        if (event.seq > seen) each(event)
        seen = Math.max(seen, event.seq)
      }
      const next = known && readOn(file, known, fresh)
      if (next !== null) {
        known = next
        return ok(next.state)
      }
      const read = readBatch(file, fresh)
      if (!read.ok) return read
      const { state, mark } = read.value
      known = state && mark && { state, mark }
      return ok(state)
    },
  }
}

/** The state after what follows the mark; null: the ledger has no such line, or does not hold together from there on. */
function readOn(
  file: string,
  { mark, state: before }: Checkpoint,
  each: (event: BatchEvent) => void,
): Checkpoint | null {
  const bytes = readFrom(file, mark.start)
  if (bytes === null) return null
  // The line itself is read too: it is there, and is the one that it was.
  const at = { bytes: 0, seq: mark.seq - 1, head: mark.prev, ended: true }
  const events: BatchEvent[] = []
  const chain = readRecords(bytes, at, shapeOf, (record) => void events.push(record as BatchEvent))
  const [line, ...fresh] = events
  if (chain.state === 'broken' || line?.hash !== mark.hash) return null
  const state = fresh.reduce<BatchState | null>(addEvent, before)
  if (state === null) return null
  for (const event of fresh) each(event)
  return { state, mark: markOf(fresh.at(-1) ?? line, bytes, chain.at.bytes, mark.start) }
}

/** Null: it is no regular file, or ends before that byte. */
function readFrom(file: string, start: number): Buffer | null {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants
  let fd: number | null = null
  try {
    fd = fs.openSync(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
    const stat = fs.fstatSync(fd)
    if (!stat.isFile() || stat.size <= start) return null
    const bytes = Buffer.alloc(stat.size - start)
    let read = 0
    for (let more = 1; more > 0 && read < bytes.length; read += more)
      more = fs.readSync(fd, bytes, read, bytes.length - read, start + read)
    return bytes.subarray(0, read)
  } catch {
    return null
  } finally {
    if (fd !== null) fs.closeSync(fd)
  }
}
