import type { SourceFlags } from './run-source.ts'
import { timeSpan } from './time-span.ts'

interface CycleFlags extends SourceFlags {
  readonly continuous?: boolean | undefined
  readonly every?: string | undefined
  readonly 'max-cycles'?: number | undefined
}

/** What of the command line does not go together with waiting for more work; undefined: nothing. Pure. */
export function wrongCycles(args: CycleFlags): string | undefined {
  const { continuous, every, task, goal, item } = args
  if (continuous !== true)
    return every === undefined && args['max-cycles'] === undefined
      ? undefined
      : '--every and --max-cycles are about --continuous, which is not given'
  if (task !== undefined || goal !== undefined || item.length > 0)
    return '--continuous is about the whole backlog, without --task, --goal and numbers of items'
  return every !== undefined && timeSpan(every) === null
    ? `--every wants a time such as 10m, not "${every}"`
    : undefined
}
