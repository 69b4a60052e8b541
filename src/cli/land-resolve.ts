import { type Result, ok } from '../base/result.ts'
import { type Resolving, landResolve } from '../supervisor/landing/resolve.ts'
import { agreed } from './agreed.ts'
import type { Io } from './command.ts'
import { type CliOutcome, declined } from './outcome.ts'
import { gateProgress, waitingLine } from './render/progress.ts'
import { resolveDoc, resolveFields } from './render/land-resolve.ts'
import { catchSignals } from './signals.ts'

/** `land --resolve`: shows the item that an agent would join both by, and adds it to the batch. Codes: those of landResolve and of agreed. */
export async function resolveLanding(io: Io, cwd: string, yes: boolean): Promise<Result<CliOutcome>> {
  const looked = await held(io, cwd, null)
  if (!looked.ok || looked.value.kind !== 'item') return looked.ok ? ok(outcomeOf(looked.value)) : looked
  const { item } = looked.value
  const agreement = await agreed(io, yes, {
    doc: resolveDoc(looked.value),
    fields: resolveFields(looked.value),
    question: 'Add this item to the batch?',
  })
  if (!agreement.ok) return agreement
  if (!agreement.value) return ok(declined('land', 'Nothing was added to the batch.'))
  const noted = await held(io, cwd, item.digest)
  return noted.ok ? ok(outcomeOf(noted.value)) : noted
}

async function held(io: Io, cwd: string, digest: string | null): Promise<Result<Resolving>> {
  const line = waitingLine(io)
  const signals = catchSignals()
  const { ending, killing } = signals
  const around = {
    watch: gateProgress(line),
    signals: { gates: ending, endAgents: ending, killAgents: killing },
  }
  return landResolve(io.context, cwd, around, digest).finally(() => {
    line.clear()
    signals.close()
  })
}

function outcomeOf(value: Resolving): CliOutcome {
  const fine = value.kind === 'item' || value.kind === 'waiting'
  return {
    code: fine ? 0 : value.kind === 'by-hand' ? 5 : 1,
    data: {
      ok: fine,
      action: 'resolve',
      ...(value.kind === 'by-hand' ? { error_code: 'land-conflict' } : {}),
      ...resolveFields(value),
    },
    text: () => resolveDoc(value),
    failed: !fine,
  }
}
