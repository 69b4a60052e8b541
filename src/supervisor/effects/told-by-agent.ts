import type { AgentEvent, QuotaWindow } from '../../agents/agent.ts'
import { oneLine, withoutControls } from '../../base/text.ts'
import type { BatchLedger } from '../record/batch-ledger.ts'
import type { AttemptState } from '../record/state.ts'

/** Longest account of a failure, in UTF-16 units. */
const MOST = 500

/** What an agent told during one turn, for the record of its end. */
export interface ToldByAgent {
  readonly hear: (event: AgentEvent) => void
  /** Fields of `turn-ended`. Throws what the ledger threw meanwhile: nobody stands behind an event that could not be recorded. */
  readonly facts: () => {
    readonly tokens?: number
    readonly quota?: readonly QuotaWindow[]
    readonly said?: string
  }
}

/** `conversation` is on record at once, so that it is gone on with whatever happens. `end`: called once where that fails. */
export function toldByAgent(
  ledger: BatchLedger,
  { item, fence, conversation }: AttemptState,
  end: () => void,
): ToldByAgent {
  let known = conversation
  let tokens: number | null = null
  let quota: readonly QuotaWindow[] = []
  let said = ''
  let failure: { readonly error: unknown } | null = null
  const record = (id: string): void => {
    try {
      ledger.append({ type: 'conversation', data: { item, fence, conversation: id } })
    } catch (error) {
      failure ??= { error }
      end()
    }
  }
  return {
    hear: (event) => {
      if (event.kind === 'usage') tokens = event.tokens
      if (event.kind === 'windows') quota = event.windows
      if (event.kind === 'failure') said = oneLine(withoutControls(event.text), MOST)
      if (event.kind !== 'conversation' || event.id === known) return
      known = event.id
      record(event.id)
    },
    facts: () => {
      if (failure !== null) throw failure.error
      return {
        ...(tokens === null ? {} : { tokens }),
        ...(quota.length === 0 ? {} : { quota }),
        ...(said === '' ? {} : { said }),
      }
    },
  }
}
