import type { Command } from '../contract/types.ts'
import { allSealed } from '../gates/all-sealed.ts'
import type { CommandRecord } from '../gates/command-record.ts'
import type { GateResult } from '../gates/types.ts'
import { speaksOfTheWork } from '../gates/until-sure.ts'
import type { RunState } from '../ledger/state.ts'
import { gatesLeft } from '../workspace/gates-left.ts'
import type { LeftByGates } from '../workspace/left-by-gates.ts'
import type { Looking, WorkspaceLook } from '../workspace/look.ts'
import type { RoomWord } from './in-the-room.ts'
import type { Ports } from './ports.ts'
import { roomLacks } from './room-lacks.ts'

export interface InPlaceWord {
  readonly results: readonly GateResult[]
  /** What they left in the workspace; null when nothing, or when something else may have written it. */
  readonly leftByGates: LeftByGates | null
}

/** What gates say in the workspace, where no release rests on it. */
export async function gatesInPlace(
  run: RunState,
  ports: Ports,
  look: Looking,
  before: WorkspaceLook,
  commands: readonly Command[],
): Promise<InPlaceWord> {
  const results = await ports.runGates(commands)
  if (results.length === 0 || allSealed(results)) return { results, leftByGates: null }
  // Whoever is at work meanwhile writes too. The list of processes costs milliseconds, so it is asked last.
  const children = ports.session?.children(run).length ?? 0
  if (children > 0 || (ports.session?.processes().length ?? 0) > 0) return { results, leftByGates: null }
  const after = await look()
  const { repoRoot } = run.activation
  return {
    results,
    leftByGates: after.ok ? gatesLeft(repoRoot, run.contract.tasks, before, after.value) : null,
  }
}

/** The room's records; of what did not pass there also how it goes in the workspace, and what may make the difference. */
export async function triedInPlace(
  run: RunState,
  ports: Ports,
  look: Looking,
  before: WorkspaceLook,
  commands: readonly Command[],
  { records, results, room }: Extract<RoomWord, { kind: 'spoken' }>,
): Promise<Pick<InPlaceWord, 'leftByGates'> & { readonly commands: readonly CommandRecord[] }> {
  const unlike = new Map(results.filter(mayDiffer).map((result) => [result.name, result]))
  if (unlike.size === 0) return { commands: records, leftByGates: null }
  const { results: inPlace, leftByGates } = await gatesInPlace(
    run,
    ports,
    look,
    before,
    commands.filter(({ name }) => unlike.has(name)),
  )
  const outcomes = new Map(inPlace.map(({ name, outcome }) => [name, outcome.kind]))
  return {
    leftByGates,
    commands: records.map((record) => {
      const result = unlike.get(record.name)
      const outcome = outcomes.get(record.name)
      if (result === undefined || outcome === undefined) return record
      const { cwd = '.' } = commands.find(({ name }) => name === record.name) ?? {}
      const lacks =
        outcome === 'passed'
          ? roomLacks({ ...gateSaid(result), root: run.activation.repoRoot, cwd, room })
          : []
      return { ...record, inPlace: { outcome, lacks } }
    }),
  }
}

/** It failed of itself, or was not even started: a program that only the workspace has is not found. */
function mayDiffer({ outcome, box }: GateResult): boolean {
  return speaksOfTheWork(outcome) || (outcome.kind === 'could-not-run' && box === null)
}

/** Its words, and the module that it did not find where it says so. */
export function gateSaid({ outcome, head, tail }: GateResult): {
  readonly text: string
  readonly missing: string | null
} {
  if (outcome.kind === 'could-not-run') return { text: outcome.why, missing: null }
  const likely = outcome.kind === 'failed' && 'likely' in outcome ? outcome.likely : undefined
  const missing = likely?.kind === 'missing-module' || likely?.kind === 'missing-gem' ? likely.name : null
  return { text: `${head}\n${tail}`, missing }
}
