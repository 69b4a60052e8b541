/** What a piece of text means to its reader; colour is decided when it is printed. */
export type Tone = 'strong' | 'quiet' | 'good' | 'bad' | 'warn'
export interface Span {
  readonly text: string
  readonly tone: Tone
}
export type Line = readonly (string | Span)[]
