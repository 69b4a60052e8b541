/** What the probe in the box is told by the process outside, so that it knows what to try. All paths absolute. */
export interface Places {
  /** Stands for a directory of the person: sockets are bound in it while the probe runs, a FIFO has a reader. */
  readonly dir: string
  /** FIFOs between the two, in a directory that is the same inside: "I run", and "the sockets are bound". */
  readonly ready: string
  readonly go: string
  /** A key of this name is in the session keyring of the process outside, if `planted`. */
  readonly key: string
  readonly planted: boolean
  /** The process that starts the box, and where in its memory `token` is. */
  readonly pid: number
  readonly start: string
  readonly at: number
  readonly length: number
  readonly token: string
  /** A file that the process outside has inherited open, if `descriptor`. */
  readonly secret: string
  readonly descriptor: boolean
}

/** The same socket as it was bound, and as ssh makes one: bound under another name and linked. */
export const socketNames = ['bound', 'linked'] as const
