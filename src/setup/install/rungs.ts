import { setTimeout } from 'node:timers/promises'
import type { Command } from '../../contract/types.ts'
import { isInterrupt } from '../../gates/outcome.ts'
import type { GateResult } from '../../gates/types.ts'
import { tellingLines } from '../../verdict/words/telling-lines.ts'
import { type Passing, networkOf } from './measured.ts'
import type { ConfigVersion } from './project-config.ts'

/** A Ctrl-C that has ended something else already is heard by then. */
const lateSignalMs = 100

/** What running a command on the rungs of one place came to. */
export type Climbed =
  | {
      readonly kind: 'passed'
      readonly outcome: Passing
      readonly result: GateResult
      readonly network: Command['network']
      /** Why it did not pass on the first rung; null when it did. */
      readonly above: string | null
    }
  /** Its first failure is what a gate would show; the others only say that the network is not to blame. */
  | { readonly kind: 'not'; readonly first: GateResult }
  | { readonly kind: 'interrupted' }

export interface Rungs {
  readonly version: ConfigVersion
  readonly abort: AbortSignal
  /** `expectedMs`: as long as the same command took on a rung before; null on the first one. */
  readonly run: (command: Command, expectedMs: number | null) => Promise<GateResult>
}

/**
 * Runs a command without what is outside; one that fails then with it, and if that helped once more without, because the network
 * may have been needed for a download only.
 */
export async function climb(
  { version, abort, run }: Rungs,
  command: Command,
  expectedMs: number | null,
): Promise<Climbed> {
  const { narrow: usual, wide } = networkOf[version]
  // Less than that was asked for by whoever wrote it.
  const narrow = command.network === 'none' ? 'none' : usual
  const alone = await run({ ...command, network: narrow }, expectedMs)
  if (await isInterrupted(alone, abort)) return { kind: 'interrupted' }
  if (alone.outcome.kind === 'passed') return passed('passes', alone, narrow, null)
  if (alone.outcome.kind !== 'failed') return { kind: 'not', first: alone }
  const online = await run({ ...command, network: wide }, alone.durationMs)
  if (await isInterrupted(online, abort)) return { kind: 'interrupted' }
  if (online.outcome.kind !== 'passed') return { kind: 'not', first: alone }
  const again = await run({ ...command, network: narrow }, online.durationMs)
  if (await isInterrupted(again, abort)) return { kind: 'interrupted' }
  const why = whyNot(alone)
  return again.outcome.kind === 'passed'
    ? passed('passes-after-download', again, narrow, why)
    : passed('passes-with-network', online, wide, why)
}

/** The last rungs: without the box, which version 1 never had. What the command writes there stays. */
export async function climbWithoutBox(
  { abort, run }: Rungs,
  command: Command,
  above: GateResult | null,
): Promise<Climbed> {
  let first = above
  for (const network of [false, true]) {
    const tried = await run({ ...command, box: false, network }, first?.durationMs ?? null)
    if (await isInterrupted(tried, abort)) return { kind: 'interrupted' }
    if (tried.outcome.kind === 'passed')
      return passed('passes-as-version-1', tried, network, first === null ? null : whyNot(first))
    first ??= tried
  }
  return { kind: 'not', first: first! }
}

function passed(
  outcome: Passing,
  result: GateResult,
  network: Command['network'],
  above: string | null,
): Climbed {
  return { kind: 'passed', outcome, result, network, above }
}

/** Ctrl-C reaches the command as well, and what that makes of it may be known before we hear of it ourselves. */
export async function isInterrupted({ outcome }: GateResult, abort: AbortSignal): Promise<boolean> {
  // It may have ended a helper that the command was waiting for, too.
  if (outcome.kind === 'could-not-run')
    await setTimeout(lateSignalMs, undefined, { signal: abort }).catch(() => undefined)
  return (
    abort.aborted ||
    (outcome.kind === 'failed' &&
      (outcome.cause === 'killed' || isInterrupt({ code: outcome.exitCode, signal: outcome.signal })))
  )
}

/** How it ended, with the lines that say most. */
export function whyNot({ outcome, tail }: Pick<GateResult, 'outcome' | 'tail'>): string {
  if (outcome.kind === 'passed') return 'it passed'
  if (outcome.kind === 'could-not-run') return outcome.why
  const how = outcome.cause === 'exit' ? `exit code ${outcome.exitCode}` : outcome.cause
  const told = tellingLines(tail, 8).join('\n').slice(0, 600)
  return told === '' ? how : `${how}: ${told}`
}
