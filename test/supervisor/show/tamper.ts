import fs from 'node:fs'
import path from 'node:path'
import { type Position, beginning, encodeRecords } from '../../../src/ledger/chain.ts'

/** Takes a change back. */
export type Undo = () => void

/** A file as it is to be; null: it is gone. */
export function change(file: string, to: (bytes: Buffer) => Buffer | string | null): Undo {
  const bytes = fs.readFileSync(file)
  const { mode } = fs.statSync(file)
  const now = to(bytes)
  fs.rmSync(file)
  if (now !== null) fs.writeFileSync(file, now, { mode })
  return () => {
    fs.rmSync(file, { force: true })
    fs.writeFileSync(file, bytes, { mode })
  }
}

/** Of any file or directory. */
export function moveAway(file: string): Undo {
  const beside = path.join(path.dirname(file), `${path.basename(file)}.away`)
  fs.renameSync(file, beside)
  return () => fs.renameSync(beside, file)
}

interface Line {
  readonly at: number
  readonly type: string
  readonly data: Record<string, unknown>
}

/** Writes a ledger again with a chain that holds, as somebody would who knows how; null leaves an event out. */
export function rewrite(file: string, each: (line: Line) => Line | null): Undo {
  return change(file, (bytes) => {
    let at: Position = beginning
    return bytes
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .flatMap((text) => each(JSON.parse(text) as Line) ?? [])
      .map(({ at: time, type, data }) => {
        const encoded = encodeRecords(at, null, time, [{ type, data }])
        const [last] = encoded.events
        at = { bytes: 0, seq: last!.seq, head: last!.hash, ended: true }
        return encoded.bytes.toString('utf8')
      })
      .join('')
  })
}

/** Changes the data of events of one type. */
export function withData(
  type: string,
  data: (was: Record<string, unknown>) => Record<string, unknown> | null,
): (line: Line) => Line | null {
  return (line) => {
    if (line.type !== type) return line
    const now = data(line.data)
    return now === null ? null : { ...line, data: now }
  }
}
