import { startMark } from './starter.ts'

/** Bytes of the sandbox's own words that are kept for the explanation of a gate that did not start. */
const NOISE_BYTES = 16 * 1024
const KEPT_BYTES = 2 * NOISE_BYTES

/** Parts the output of a launch into what was said before the start mark and what the command wrote after it. */
export class StartFilter {
  private readonly mark: Buffer
  private readonly forward: (bytes: Buffer) => void
  private pending = Buffer.alloc(0)
  private noise = Buffer.alloc(0)
  private newline: 'maybe-cr' | 'maybe-lf' | 'done' = 'maybe-cr'
  private begin: () => void = () => undefined
  started = false
  /** Resolves when the mark was seen. */
  readonly began = new Promise<void>((resolve) => {
    this.begin = resolve
  })

  /** `forward` gets only the command's own output; the bytes are valid during the call only. */
  constructor(nonce: string, forward: (bytes: Buffer) => void) {
    this.mark = startMark(nonce)
    this.forward = forward
  }

  push(bytes: Buffer): void {
    if (this.started) {
      this.pass(bytes)
      return
    }
    const seen = Buffer.concat([this.pending, bytes])
    const at = seen.indexOf(this.mark)
    if (at >= 0) {
      this.started = true
      this.begin()
      this.keepNoise(seen.subarray(0, at))
      this.pending = Buffer.alloc(0)
      this.pass(seen.subarray(at + this.mark.length))
      return
    }
    const keep = Math.min(seen.length, this.mark.length - 1)
    this.keepNoise(seen.subarray(0, seen.length - keep))
    this.pending = Buffer.from(seen.subarray(seen.length - keep))
  }

  /** First lines of what was said before the start, for a person. A secret that is cut would not be known. */
  before(redact: (text: string) => string): string {
    const isWhole = this.noise.length < KEPT_BYTES
    const all = isWhole ? Buffer.concat([this.noise, this.pending]) : this.noise
    return redact(all.toString('utf8')).slice(0, NOISE_BYTES).trim()
  }

  private keepNoise(bytes: Buffer): void {
    if (this.noise.length < KEPT_BYTES)
      this.noise = Buffer.concat([this.noise, bytes.subarray(0, KEPT_BYTES - this.noise.length)])
  }

  private pass(bytes: Buffer): void {
    let from = 0
    if (this.newline === 'maybe-cr' && from < bytes.length) {
      if (bytes[from] === 0x0d) from++
      this.newline = 'maybe-lf'
    }
    if (this.newline === 'maybe-lf' && from < bytes.length) {
      if (bytes[from] === 0x0a) from++
      this.newline = 'done'
    }
    if (from < bytes.length) this.forward(from === 0 ? bytes : bytes.subarray(from))
  }
}
