import type { CommandRecord } from '../gates/command-record.ts'
import type { LikelyCause } from '../gates/likely-cause.ts'

/** How gates went while nothing in the workspace differed from the start, by name: their last results then. */
export type StartGates = Readonly<Record<string, StartGate>>

export type StartGate = Pick<CommandRecord, 'outcome' | 'cause' | 'likely'>

/**
 * The results with what the start says of them. What the machine lacks is not the agent's fault where the gate failed in
 * the same way before there was any work, or where its own program is missing and it is not known to have passed. All else
 * stays failed: an import of what nobody declared looks the same.
 */
export function comparedWithStart(
  commands: readonly CommandRecord[],
  start: StartGates = {},
): readonly CommandRecord[] {
  return commands.map((command) => {
    if (command.outcome !== 'failed') return command
    const before = Object.hasOwn(start, command.name) ? start[command.name] : undefined
    if (command.prepares) return stepCompared(command, command.prepares, before)
    if (command.cause === 'zero-tests' && before?.cause === 'zero-tests')
      return { ...command, asAtStart: true }
    const { likely } = command
    if (!likely) return command
    const same = before !== undefined && sameCause(before.likely, likely)
    if (!same && (before !== undefined || !likely.own)) return command
    return { ...command, outcome: 'could-not-run', ...(same ? { asAtStart: true } : {}) }
  })
}

/** A step that fails although it reads nothing of the work, or failed so before there was any, says nothing about the work. */
function stepCompared(
  step: CommandRecord,
  { work }: NonNullable<CommandRecord['prepares']>,
  before: StartGate | undefined,
): CommandRecord {
  if (!work) return { ...step, outcome: 'could-not-run' }
  const same = before !== undefined && before.outcome !== 'passed' && before.cause === step.cause
  return same ? { ...step, outcome: 'could-not-run', asAtStart: true } : step
}

function sameCause(one: LikelyCause | undefined, other: LikelyCause): boolean {
  return one !== undefined && one.kind === other.kind && one.name === other.name
}

/** What is known of the start after a verdict on an untouched workspace. */
export function startGatesAfter(start: StartGates = {}, commands: readonly CommandRecord[]): StartGates {
  const now = commands.map(({ name, outcome, cause, likely }): [string, StartGate] => [
    name,
    { outcome, cause, ...(likely ? { likely } : {}) },
  ])
  return { ...start, ...Object.fromEntries(now) }
}
