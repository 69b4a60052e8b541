const MAX_NAMED = 8

/** The first names of a list and how many more there are, for a note. */
export function someOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMED
  return `${names.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
