/** Where in a value something lies: keys and indexes from the top. */
export type Place = readonly (string | number)[]

/** A value read from a text that a person wrote, and the way back to its lines. */
export interface Located {
  readonly value: unknown
  /** 1-based line of the value at this place, or of what is nearest to it from above. */
  readonly lineOf: (place: Place) => number
}

/** Something that keeps the text, or a part of it, from being read. */
export interface SyntaxProblem {
  readonly line: number
  readonly message: string
}

export type Parsed =
  | {
      readonly ok: true
      readonly located: Located
      /** Parts that could not be read; the rest is judged all the same. */
      readonly unread?: readonly SyntaxProblem[]
      /** Places that are not whole because of them, such as `tasks[0].evidence`. */
      readonly notWhole?: readonly string[]
      /** A part that holds members could not be read, so what seems to be missing may stand there. */
      readonly membersUnread?: boolean
    }
  | { readonly ok: false; readonly problems: readonly SyntaxProblem[] }

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}

/** The place that a Problem names, such as `tasks[0].evidence[1].glob`. */
export function placeOf(path: string): Place {
  return [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]()]+)/g)].map(
    ([, index, quoted, word]) => (index === undefined ? (quoted ?? word ?? '') : Number(index)),
  )
}
