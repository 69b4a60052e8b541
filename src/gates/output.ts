import fs from 'node:fs'

/** Keeps the first and the last bytes of a stream of any length in a fixed amount of memory. */
export class BoundedOutput {
  private readonly head: Buffer
  private readonly ring: Buffer
  private headLength = 0
  private ringAt = 0
  /** Bytes seen in all. */
  total = 0

  constructor(limits: { readonly headBytes: number; readonly tailBytes: number }) {
    this.head = Buffer.alloc(limits.headBytes)
    this.ring = Buffer.alloc(limits.tailBytes)
  }

  push(bytes: Buffer): void {
    this.total += bytes.length
    if (this.headLength < this.head.length)
      this.headLength += bytes.copy(this.head, this.headLength, 0, this.head.length - this.headLength)
    const size = this.ring.length
    if (size === 0) return
    const last = bytes.length > size ? bytes.subarray(bytes.length - size) : bytes
    const first = last.copy(this.ring, this.ringAt)
    if (first < last.length) last.copy(this.ring, 0, first)
    this.ringAt = (this.ringAt + last.length) % size
  }

  /** `tail` is the last part; `head` the first part as far as the tail does not hold it already. Cut at whole characters. */
  text(): { readonly head: string; readonly tail: string } {
    const tailLength = Math.min(this.total, this.ring.length)
    const from = (this.ringAt - tailLength + this.ring.length) % (this.ring.length || 1)
    const tail = Buffer.concat([this.ring.subarray(from), this.ring.subarray(0, from)]).subarray(
      0,
      tailLength,
    )
    const head = this.head.subarray(0, Math.min(this.headLength, this.total - tailLength))
    const cut = head.length + tail.length < this.total
    return {
      head: (cut ? withoutTornEnd(head) : head).toString('utf8'),
      tail: (cut ? withoutTornStart(tail) : tail).toString('utf8'),
    }
  }
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

function withoutTornStart(bytes: Buffer): Buffer {
  let from = 0
  while (from < 3 && isContinuation(bytes[from])) from++
  return bytes.subarray(from)
}

function withoutTornEnd(bytes: Buffer): Buffer {
  let lead = bytes.length - 1
  while (lead > 0 && lead > bytes.length - 4 && isContinuation(bytes[lead])) lead--
  const byte = bytes[lead] ?? 0
  const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
  return bytes.length - lead < needed ? bytes.subarray(0, lead) : bytes
}

/** The whole output up to a limit, in a file that is made with the first byte. A full disk ends the log, not the gate. */
export class OutputLog {
  private readonly path: string | null
  private readonly maxBytes: number
  private fd: number | null = null
  private written = 0
  private over = false

  constructor(path: string | null, maxBytes: number) {
    this.path = path
    this.maxBytes = maxBytes
    this.over = path === null
  }

  push(bytes: Buffer): void {
    if (this.over || this.path === null) return
    try {
      this.fd ??= openLog(this.path)
      const room = this.maxBytes - this.written
      fs.writeSync(this.fd, bytes, 0, Math.min(room, bytes.length))
      this.written += Math.min(room, bytes.length)
      if (bytes.length <= room) return
      fs.writeSync(this.fd, `\n[the log ends here: it holds the first ${this.maxBytes} bytes]\n`)
    } catch {
      // What is in memory is still judged and shown.
    }
    this.over = true
  }

  /** The log's path; null when nothing could be or had to be written. */
  close(): string | null {
    if (this.fd === null) return null
    fs.closeSync(this.fd)
    this.fd = null
    return this.path
  }
}

function openLog(path: string): number {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = fs.constants
  return fs.openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, 0o600)
}
