import { type Result, ok } from '../base/result.ts'
import { shellWord } from '../base/shell-word.ts'
import type { Allowance } from '../control/allow.ts'
import { asFound } from '../detect/as-found.ts'
import type { ProposedStep } from '../detect/prepare/proposal.ts'
import { proposePrepare } from '../detect/prepare/propose.ts'
import { type LineToWrite, linesToWrite } from '../setup/install/lines-to-write.ts'
import { asSteps, measure } from '../setup/install/measure.ts'
import type { Measuring } from '../setup/install/measured.ts'
import { measuredNotes } from '../setup/install/measured-notes.ts'
import { askerOf } from './asker.ts'
import type { Io } from './command.ts'
import { interrupted, measuringOf, personMeasures } from './measure-plan.ts'
import { waitingLine } from './render/progress.ts'

export interface MeasuredConfig {
  readonly measuring: Measuring
  readonly lines: readonly LineToWrite[]
  readonly notes: readonly string[]
}

/** Measures the commands of a config that a person wrote. Nothing is written and nothing approved. Codes: person-only, interrupted. */
export async function measureConfig(io: Io, { root, config }: Allowance): Promise<Result<MeasuredConfig>> {
  const again = `autonomous-loop allow --repo ${shellWord(root)} --measure`
  if (askerOf(io.context) === 'agent') return personMeasures(again)
  const commands = asFound(config)
  const proposed = config.prepare === undefined ? proposePrepare({ root }, commands) : null
  const line = waitingLine(io)
  try {
    const measuring = await measure(io.context, {
      ...measuringOf(io, line, commands),
      root,
      config,
      ways: proposed === null ? [config.prepare ?? []] : asSteps(proposed, commands),
    })
    if (measuring === null) return interrupted(again)
    const chosen: readonly ProposedStep[] | null =
      proposed === null || measuring.room.kind !== 'used'
        ? null
        : measuring.room.nth === 0
          ? proposed.steps
          : proposed.withScripts
    return ok({
      measuring,
      lines: linesToWrite(config, measuring, chosen),
      notes: [
        ...(proposed?.notes ?? []),
        ...measuredNotes(measuring, config.version, root, proposed?.steps ?? []),
      ],
    })
  } finally {
    line.clear()
  }
}
