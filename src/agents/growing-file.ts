import { type JsonObject, isObject, parseJson } from '../base/json.ts'
import { readSpan, withTranscript } from '../codex/transcript/file.ts'

/** A file of lines of JSON: what grows of it is read once. */
export class GrowingFile {
  readonly path: string
  private read = 0
  private rest = Buffer.alloc(0)
  /** Of the line that is being read nothing is wanted: it is too long. */
  private isPassed = false

  constructor(path: string) {
    this.path = path
  }

  /** Lines since the last time that hold one of these words and are objects. What cannot be read has none. */
  grown(words: readonly string[], each: (line: JsonObject) => void): void {
    withTranscript(this.path, (fd, size) => {
      while (this.read < size) {
        const bytes = readSpan(fd, this.read, Math.min(size, this.read + CHUNK_BYTES))
        if (bytes.length === 0) return
        this.read += bytes.length
        this.take(bytes, words, each)
      }
    })
  }

  private take(bytes: Buffer, words: readonly string[], each: (line: JsonObject) => void): void {
    let from = 0
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([this.rest, bytes.subarray(from, end)])
      if (!this.isPassed && words.some((word) => line.includes(word))) tell(line.toString('utf8'), each)
      this.rest = Buffer.alloc(0)
      this.isPassed = false
      from = end + 1
    }
    const rest = bytes.subarray(from)
    this.isPassed ||= this.rest.length + rest.length > MAX_LINE_BYTES
    this.rest = this.isPassed ? Buffer.alloc(0) : Buffer.concat([this.rest, rest])
  }
}

const NEWLINE = 0x0a
const CHUNK_BYTES = 1 << 20
/** What is wanted is short; what is longer is output of commands. */
const MAX_LINE_BYTES = 4 << 20

function tell(text: string, each: (line: JsonObject) => void): void {
  const json = parseJson(text, 'line')
  if (json.ok && isObject(json.value)) each(json.value)
}
