import type { CommandRecord } from '../../gates/command-record.ts'
import { fold } from '../../ledger/fold.ts'
import { readEvents } from '../../ledger/ledger-file.ts'
import type { LedgerEvent } from '../../ledger/events.ts'
import { type BatchPaths, attemptPaths } from '../../supervisor/batch/paths.ts'
import { because } from '../../verdict/words/because.ts'
import type { RecordProblem } from './problem.ts'
import type { Told } from './tries.ts'

/** A verdict as the engine's own ledger has it. */
export interface FoundVerdict {
  readonly verdict: 'release' | 'block' | 'park' | 'halt'
  readonly commands: readonly CommandRecord[]
  /** Each a sentence. */
  readonly because: readonly string[]
}

/** What the ledgers of the attempts say: verdicts by the hash that the batch has of them, and what does not hold. */
export interface FoundVerdicts {
  readonly of: (attempt: Told, ledgerHead: string) => FoundVerdict | null
  readonly found: number
  readonly problems: readonly RecordProblem[]
}

/** Reads the ledger of every attempt that was judged, whole. What a verdict of the batch rests on has to stand there, by its hash. */
export function findVerdicts(batch: BatchPaths, attempts: readonly Told[]): FoundVerdicts {
  const all = new Map<string, FoundVerdict>()
  const problems: RecordProblem[] = []
  for (const told of attempts) {
    if (told.verdicts.length === 0) continue
    const { item, attempt } = told
    const read = readEvents(attemptPaths(batch, item, attempt).place.ledger)
    if (!read.ok) {
      const kind = read.error.code === 'missing' ? 'missing' : 'broken'
      problems.push({ kind, item, attempt, why: read.error.message })
      continue
    }
    const { events, chain } = read.value
    if (chain.state === 'broken')
      problems.push({ kind: 'broken', item, attempt, why: `event ${chain.seq}: ${chain.why}` })
    for (const { data } of told.verdicts) {
      const verdict = verdictAt(events, data.ledgerHead)
      if (verdict !== null && verdict.verdict === data.verdict) all.set(keyOf(told, data.ledgerHead), verdict)
      else if (chain.state !== 'broken')
        problems.push({
          kind: 'differs',
          item,
          attempt,
          why:
            verdict === null
              ? `no event ${data.ledgerHead.slice(0, 12)}`
              : `it says ${verdict.verdict}, and the batch ${data.verdict}`,
        })
    }
  }
  return { of: (told, head) => all.get(keyOf(told, head)) ?? null, found: all.size, problems }
}

const keyOf = ({ fence }: Told, head: string): string => `${fence} ${head}`

/** The last verdict up to the event with this hash. */
function verdictAt(events: readonly LedgerEvent[], hash: string): FoundVerdict | null {
  const at = events.findLastIndex((event) => event.hash === hash)
  const stop = events.findLast((event, index) => index <= at && event.type === 'stop')
  if (stop?.type !== 'stop') return null
  const begun = events.findLast((event) => event.seq < stop.seq && event.type === 'activated')
  const contract = begun === undefined ? undefined : fold([begun]).runs[0]?.contract
  return {
    verdict: stop.data.verdict,
    commands: stop.data.commands,
    because: contract === undefined ? [] : because(stop.data, contract),
  }
}
