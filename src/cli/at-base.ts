import { type Result, ok } from '../base/result.ts'
import { type BaseGround, atBase } from '../supervisor/batch/base-ground.ts'
import type { Site } from '../supervisor/batch/site.ts'
import type { Io } from './command.ts'
import type { CliOutcome } from './outcome.ts'
import { failureOutcome } from './render/failure.ts'
import { gateProgress, waitingLine } from './render/progress.ts'
import { catchSignals } from './signals.ts'

/**
 * Carries out what asks something of the commit of HEAD, with a line that says what is waited for, and makes an answer of it. A signal
 * ends it, and is its exit status then.
 */
export async function answeredAtBase<T>(
  io: Io,
  site: Site,
  use: (ground: BaseGround, show: (what: string) => void) => Promise<Result<T>>,
  answer: (value: T) => Promise<Result<CliOutcome>> | Result<CliOutcome>,
): Promise<Result<CliOutcome>> {
  const line = waitingLine(io)
  const signals = catchSignals()
  const { ending, killing } = signals
  const around = {
    watch: gateProgress(line),
    signals: { gates: ending, endAgents: ending, killAgents: killing },
  }
  const ended = await atBase(io.context, site, around, (ground) =>
    use(ground, (what) => line.show(what)),
  ).finally(() => {
    line.clear()
    signals.close()
  })
  if (ended.ok) return answer(ended.value)
  const code = signals.code()
  return code === null ? ended : ok(failureOutcome(ended.error, code))
}
