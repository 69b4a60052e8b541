import type { ErrorCode } from '../base/error-code.ts'
import { type Result, never, ok } from '../base/result.ts'
import type { World } from '../supervisor/world.ts'
import type { Io } from './command.ts'
import type { CliOutcome } from './outcome.ts'
import type { Doc } from './render/doc.ts'
import { gateProgress, waitingLine } from './render/progress.ts'
import { catchSignals } from './signals.ts'

/** What bringing work to a head or a branch comes to. */
type Ended = { readonly kind: 'landed' | 'proposed' | 'taken' | 'already' | 'red' | 'conflict' }

type Around = Pick<World, 'watch' | 'signals'> & {
  /** A program may ask on the terminal now: nothing is drawn there until a gate runs again. */
  readonly quiet: () => void
}

/** Carries out a command that proves a tree before it moves something, and answers signals meanwhile. Exit status 5: it does not join. */
export async function intoHead<E extends Ended>(
  io: Io,
  carryOut: (around: Around) => Promise<Result<E>>,
  docOf: (ended: E) => Doc,
  /** What a no is called for machines; absent: it has no name. */
  errorOf: (ended: E) => ErrorCode | null = () => null,
): Promise<Result<CliOutcome>> {
  const line = waitingLine(io)
  const signals = catchSignals()
  const { ending, killing } = signals
  const ended = await carryOut({
    watch: gateProgress(line),
    signals: { gates: ending, endAgents: ending, killAgents: killing },
    quiet: () => line.clear(),
  }).finally(() => {
    line.clear()
    signals.close()
  })
  if (!ended.ok) return ended
  const { value } = ended
  const code = codeOf(value)
  const error = errorOf(value)
  return ok({
    code: signals.code() ?? code,
    data: { ok: code === 0, ...(error === null ? {} : { error_code: error }), ...value },
    text: () => docOf(value),
    failed: code !== 0,
  })
}

function codeOf({ kind }: Ended): number {
  switch (kind) {
    case 'landed':
    case 'proposed':
    case 'taken':
    case 'already':
      return 0
    case 'red':
      return 1
    case 'conflict':
      return 5
    default:
      return never(kind, 'ending')
  }
}
