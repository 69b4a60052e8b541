import { type Result, ok } from '../base/result.ts'
import { type BaseGround, atBase } from '../supervisor/batch/base-ground.ts'
import type { Site } from '../supervisor/batch/site.ts'
import type { Io } from './command.ts'
import type { CliOutcome } from './outcome.ts'
import { failureOutcome } from './render/failure.ts'
import { gateProgress, waitingLine } from './render/progress.ts'
import { catchSignals } from './signals.ts'

/** Carries out what asks something of the commit of HEAD, with a line that says what runs; a signal ends it, and is its exit status. */
export async function answeredAtBase(
  io: Io,
  site: Site,
  use: (ground: BaseGround, show: (what: string) => void) => Promise<Result<CliOutcome>>,
): Promise<Result<CliOutcome>> {
  const line = waitingLine(io)
  const signals = catchSignals()
  const { ending, killing } = signals
  const around = {
    watch: gateProgress(line),
    signals: { gates: ending, endAgents: ending, killAgents: killing },
  }
  const ended = await atBase(io.context, site, around, async (ground) => {
    const answer = await use(ground, (what) => line.show(what))
    line.clear()
    return answer
  }).finally(() => {
    line.clear()
    signals.close()
  })
  const code = signals.code()
  return ended.ok || code === null ? ended : ok(failureOutcome(ended.error, code))
}
