import type { Doc } from './render/doc.ts'

/** Exit status of what a person ended with Ctrl-C. */
export const interruptedCode = 130

/** How a command ended: `data` for machines, `text` for people; the boundary prints one of them. */
export interface CliOutcome {
  /** Exit status: 0 done, 1 expected failure, 2 wrong usage, 3 our own bug; `status --check` and `check` have their own. */
  readonly code: number
  /** JSON, with the field names of the original. */
  readonly data: object
  readonly text: () => Doc
  /** People read failures on stderr. */
  readonly failed?: boolean
  /** Where stdout belongs to somebody else. */
  readonly stderr?: boolean
  /** The text is a file of some kind, so its lines are not for us to break. */
  readonly asIs?: boolean
  /** Help and version are text for everybody. */
  readonly plain?: boolean
}

/** A person's no to what they called for: an expected failure, said in plain words. */
export function declined(action: string, text: string): CliOutcome {
  return { code: 1, data: { ok: false, action }, text: () => [text] }
}

export function done(data: object, text: () => Doc): CliOutcome {
  return { code: 0, data, text }
}

/** Text for everybody, whatever stdout is: help and the version. */
export function plainText(doc: Doc): CliOutcome {
  return { code: 0, data: {}, text: () => doc, plain: true }
}
