/** A launch that is under way, however its output is carried. */
export interface Started {
  readonly pid: number
  /** The leader has ended. */
  readonly exited: Promise<Exit>
  /** Nobody holds the output open any more; everything written has been handed on. */
  readonly drained: Promise<void>
  /** Stops listening, so that a process that cannot be ended holds nothing of ours. */
  close(): void
}

export interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

export interface StartInput {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Where a FIFO can be made and removed again; out of the agent's reach. */
  readonly privateDir: string
  /** Handed on as they are from FIRST_DEVICE on, and closed. */
  readonly descriptors: readonly number[]
  /** A session of its own, so that a terminal's Ctrl-C does not reach it. Absent: our own process group. */
  readonly ownSession?: true
  /** Gets every piece of output; the bytes are valid during the call only. */
  readonly onOutput: (bytes: Buffer) => void
}
