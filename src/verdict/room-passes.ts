import type { Sha256 } from '../base/hash.ts'
import type { CommandRecord } from '../gates/command-record.ts'
import type { StartGates } from './as-at-start.ts'
import type { Judgement } from './judgement.ts'

/** The last pass of a gate in the clean room. */
export interface RoomPass {
  readonly stop: number
  /** The workspace as it was then. */
  readonly workspace: Sha256
  readonly command: CommandRecord
}

/** By name of the gate. */
export type RoomPasses = Readonly<Record<string, RoomPass>>

/** What is known after a stop. Failures are never reused; one of what had passed takes that pass back. */
export function roomPassesAfter(
  before: RoomPasses = {},
  { stop, workspace, commands }: Pick<Judgement, 'stop' | 'workspace' | 'commands'>,
): RoomPasses {
  const passes = new Map(Object.entries(before))
  for (const command of commands) {
    const { name, passKey, reused, outcome } = command
    if (passKey === undefined) continue
    if (outcome === 'passed') passes.set(name, { stop: reused?.stop ?? stop, workspace, command })
    else if (passes.get(name)?.command.passKey === passKey) passes.delete(name)
  }
  return Object.fromEntries(passes)
}

/** A gate that may be spared, and what a pass of it rests on. */
export interface Keyed {
  readonly name: string
  /** It leaves something to the gates behind it. */
  readonly keeps: boolean
  readonly passKey: Sha256
}

/** The records of those, in their order, that pass as they did before. One that later gates need something of is spared only with them. */
export function sparedGates(
  gates: readonly Keyed[],
  passes: RoomPasses = {},
): ReadonlyMap<string, CommandRecord> {
  const spared = new Map<string, CommandRecord>()
  let allBehind = true
  for (const { name, keeps, passKey } of gates.toReversed()) {
    const pass = passOf(passes, name)
    if (pass?.command.passKey === passKey && (allBehind || !keeps))
      spared.set(name, { ...pass.command, reused: { stop: pass.stop } })
    else allBehind = false
  }
  return spared
}

/** Whether it is known to pass: on the start, or in the clean room at an earlier stop. */
export function isKnownToPass(
  {
    startGates = {},
    roomPasses = {},
  }: { readonly startGates?: StartGates; readonly roomPasses?: RoomPasses },
  name: string,
): boolean {
  const atStart = Object.hasOwn(startGates, name) ? startGates[name] : undefined
  return atStart?.outcome === 'passed' || passOf(roomPasses, name) !== undefined
}

/** Whether every pass that these records reuse stands in the run. */
export function stillReusable(commands: readonly CommandRecord[], passes: RoomPasses = {}): boolean {
  return commands.every(
    ({ name, reused, passKey }) => reused === undefined || passOf(passes, name)?.command.passKey === passKey,
  )
}

export function passOf(passes: RoomPasses, name: string): RoomPass | undefined {
  return Object.hasOwn(passes, name) ? passes[name] : undefined
}

/** Whether it passed and failed on the same tree. */
export function isFlaky({ runs = [] }: Pick<CommandRecord, 'runs'>): boolean {
  const outcomes = runs.map((run) => run.outcome)
  return outcomes.includes('passed') && outcomes.includes('failed')
}
