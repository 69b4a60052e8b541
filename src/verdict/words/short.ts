/** Items named before the rest is counted. */
export const maxListed = 12

export function listed(items: readonly string[]): string {
  const shown = items.slice(0, maxListed).map((item) => short(item))
  return items.length > maxListed
    ? `${shown.join(', ')} and ${items.length - maxListed} more`
    : shown.join(', ')
}

/** One line of at most `most` characters. */
export function short(text: string, most = 200): string {
  const line = flat(text)
  return line.length > most
    ? `${Array.from(line)
        .slice(0, most - 1)
        .join('')}…`
    : line
}

export function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
