import { showPath } from '../path-text.ts'

/** `a, b, c and 4 more`. */
export function some(paths: readonly string[], most = 3): string {
  const shown = paths.slice(0, most).map(showPath).join(', ')
  return paths.length > most ? `${shown} and ${paths.length - most} more` : shown
}

export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

/** `path` or `glob` of an evidence, for the line. */
export function target(evidence: { readonly path?: string; readonly glob?: string }): string {
  return showPath(evidence.path ?? evidence.glob ?? '')
}
