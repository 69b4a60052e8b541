/** Said once when a run begins, and shown in its status. */
export function unmatchedCopies(globs: readonly string[]): string {
  return `nothing was there for ${globs.join(', ')} when the run began, so the clean room has none`
}
