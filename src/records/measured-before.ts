import type { Activation } from '../ledger/events.ts'
import { findApproval } from './approvals.ts'

/** What `install-repo --measure` saw of the gates of a config. */
export interface MeasuredBefore {
  /** Sources that were broken without a gate noticing; empty: one was noticed, or nobody looked. */
  readonly unnoticed: readonly string[]
  /** Why gates that are verified in place did not pass in the clean room, by name. */
  readonly inPlace: Readonly<Record<string, string>>
}

export const nothingMeasured: MeasuredBefore = { unnoticed: [], inPlace: {} }

export function measuredBefore(
  home: string,
  { configPath, configSha256 }: Pick<Activation, 'configPath' | 'configSha256'>,
): MeasuredBefore {
  const approval =
    configPath === null || configSha256 === null ? undefined : findApproval(home, configPath, configSha256)
  const { unnoticed, inPlace } = nothingMeasured
  return { unnoticed: approval?.unnoticed ?? unnoticed, inPlace: approval?.inPlace ?? inPlace }
}
