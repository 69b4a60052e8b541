/** At most `most` UTF-16 units; of a longer text the last one is `…`. No character is cut in two. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : text
}

/** The text on one line, with white space of any kind as single spaces, and shortened. */
export function oneLine(text: string, most: number): string {
  return shortened(text.replaceAll(/\s+/g, ' ').trim(), most)
}
