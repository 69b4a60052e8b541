/** One entry for the config's `policy.scope`, and why it is proposed. */
export interface ProposedScope {
  readonly entry: string
  readonly reason: string
}

/** A name that may hold what a glob would take for something else. */
export function escaped(name: string): string {
  return name.replace(/[*?[\]{}()!+@|\\#]/g, '\\$&')
}
