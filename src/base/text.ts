/** At most `most` UTF-16 units; of a longer text the last one is `…`. No character is cut in two. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : text
}

/** A name for people: what controls a terminal or turns the direction of a line is written as an escape. */
export function visible(name: string): string {
  return name.replaceAll(
    /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** The text on one line, with white space of any kind as single spaces, and shortened. */
export function oneLine(text: string, most: number): string {
  return shortened(text.replaceAll(/\s+/g, ' ').trim(), most)
}

/** Without escape sequences, control characters and the marks that turn text around; tabs and line feeds stay. */
export function withoutControls(text: string): string {
  return text
    .replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.)/g, '')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

/** JSON in which those stand as escapes, as JSON itself asks only of some: a pipe may end on a terminal. */
export function plainJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
