import type { Activation } from '../ledger/events.ts'
import { findApproval } from './approvals.ts'

/** Sources that `install-repo --measure` broke without a gate of this run's config noticing; empty: one was noticed, or nobody looked. */
export function unnoticedSources(
  home: string,
  { configPath, configSha256 }: Pick<Activation, 'configPath' | 'configSha256'>,
): readonly string[] {
  if (configPath === null || configSha256 === null) return []
  return findApproval(home, configPath, configSha256)?.unnoticed ?? []
}
