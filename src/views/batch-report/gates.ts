import { groupBy } from '../../base/group-by.ts'
import type { BatchEvent, GateSaid } from '../../supervisor/record/events.ts'
import { gateSaid } from '../../supervisor/record/gate-said.ts'
import type { Told } from './tries.ts'
import { iso } from './tries.ts'
import type { FoundVerdicts } from './verdicts.ts'

/** What was judged: the commit that the batch began from, work of an agent joined to the head, or the head as it is. */
export type Judged = 'base' | 'candidate' | 'head'

export interface Lengths {
  readonly runs: number
  readonly min_ms: number
  readonly median_ms: number
  readonly max_ms: number
}

export interface GateReport {
  readonly name: string
  readonly runs: number
  readonly passed: number
  readonly failed: number
  readonly could_not_run: number
  /** Passes that stood for a run, because nothing that they rest on had changed. */
  readonly reused: number
  /** Of all runs; null where none was run, or nobody measured. */
  readonly took: Lengths | null
  readonly by: Readonly<Partial<Record<Judged, Lengths>>>
  /** Trees on which it passed and failed. */
  readonly flaky: readonly FlakyTree[]
}

export interface FlakyTree {
  /** A tree, or where it is not known, a commit. */
  readonly tree: string
  readonly results: readonly {
    readonly at: string
    readonly what: Judged
    /** Null: of no attempt. */
    readonly item: string | null
    readonly attempt: number | null
    readonly outcome: GateSaid['outcome']
  }[]
}

/** One run of a gate. */
export interface GateRun {
  readonly name: string
  readonly at: number
  readonly what: Judged
  readonly tree: string
  /** The config by which it was run: by another one it may be another gate. */
  readonly config: string
  readonly item: string | null
  readonly attempt: number | null
  readonly outcome: GateSaid['outcome']
  readonly ms: number
  readonly reused: boolean
}

/** Every run of every gate, as far as it is on record. Pure. */
export function gateRuns(
  events: readonly BatchEvent[],
  attempts: readonly Told[],
  verdicts: FoundVerdicts,
): readonly GateRun[] {
  const byFence = new Map(attempts.map((one) => [one.fence, one]))
  const trees = new Map<string, string>()
  const judgedTree = new Map<number, string>()
  let config = ''
  const runs: GateRun[] = []
  for (const event of events) {
    const { at } = event
    if (event.type === 'batch-opened' || event.type === 'config-amended') config = event.data.config.sha256
    if (event.type === 'integrating')
      trees.set(event.data.commit, judgedTree.get(event.data.fence) ?? event.data.commit)
    if (event.type === 'checked') {
      const { what, commit, gates = [] } = event.data
      const of = { at, what, tree: trees.get(commit) ?? commit, config, item: null, attempt: null }
      runs.push(...gates.flatMap((one) => runsOf(one, { ...of, reused: false })))
    }
    if (event.type !== 'judged') continue
    const { fence, tree, ledgerHead } = event.data
    judgedTree.set(fence, tree)
    const told = byFence.get(fence)
    const verdict = told === undefined ? null : verdicts.of(told, ledgerHead)
    if (told === undefined || verdict === null) continue
    const of = { at, what: 'candidate' as const, tree, config, item: told.item, attempt: told.attempt }
    for (const command of verdict.commands)
      if (command.prepares === undefined)
        runs.push(...runsOf(gateSaid(command), { ...of, reused: command.reused !== undefined }))
  }
  return runs
}

function runsOf(
  { name, outcome, ms, runs }: GateSaid,
  of: Omit<GateRun, 'name' | 'outcome' | 'ms'>,
): readonly GateRun[] {
  return (runs ?? [{ outcome, ms }]).map((one) => ({ ...of, name, ...one }))
}

/** By name, in the order in which they were first run. Pure. */
export function gatesReport(runs: readonly GateRun[]): readonly GateReport[] {
  return [...groupBy(runs, ({ name }) => name)].map(([name, all]) => {
    const run = all.filter((one) => !one.reused)
    const count = (outcome: GateSaid['outcome']) => run.filter((one) => one.outcome === outcome).length
    return {
      name,
      runs: run.length,
      passed: count('passed'),
      failed: count('failed'),
      could_not_run: count('could-not-run'),
      reused: all.length - run.length,
      took: lengths(run),
      by: byJudged(run),
      flaky: flakyTrees(run),
    }
  })
}

function byJudged(runs: readonly GateRun[]): GateReport['by'] {
  return Object.fromEntries(
    (['base', 'candidate', 'head'] as const).flatMap((what) => {
      const took = lengths(runs.filter((one) => one.what === what))
      return took === null ? [] : [[what, took]]
    }),
  )
}

function lengths(runs: readonly GateRun[]): Lengths | null {
  const all = runs
    .filter(({ outcome }) => outcome !== 'could-not-run')
    .map(({ ms }) => ms)
    .sort((a, b) => a - b)
  if (all.length === 0) return null
  const middle = all.length >> 1
  const median = all.length % 2 === 1 ? all[middle]! : (all[middle - 1]! + all[middle]!) / 2
  return { runs: all.length, min_ms: all[0]!, median_ms: Math.round(median), max_ms: all.at(-1)! }
}

/** The same gate by the same config on the same tree, and not the same word. A machine that was in the way says nothing of the gate. */
function flakyTrees(runs: readonly GateRun[]): readonly FlakyTree[] {
  return [...groupBy(runs, ({ config, tree }) => `${config} ${tree}`).values()].flatMap((all) => {
    const said = new Set(all.map((one) => one.outcome))
    if (!said.has('passed') || !said.has('failed')) return []
    return [
      {
        tree: all[0]!.tree,
        results: all.map(({ at, what, item, attempt, outcome }) => ({
          at: iso(at),
          what,
          item,
          attempt,
          outcome,
        })),
      },
    ]
  })
}
