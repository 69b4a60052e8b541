/** One entry for the config's `policy.scope`, and why it is proposed. */
export interface ProposedScope {
  readonly entry: string
  readonly reason: string
}
