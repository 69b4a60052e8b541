import type { Origin } from '../../ledger/events.ts'

/** How a run came about, as a person would say it. */
export function begunWords(origin: Origin): string {
  if (origin.kind === 'attempt')
    return `attempt ${origin.attempt} at item ${origin.item} of batch ${origin.batch}`
  const { armedBy: by, mode } = origin
  if (by === 'prompt') return 'armed by your prompt'
  if (by === 'terminal')
    return `armed by ${mode === 'claim-token' ? 'a terminal, claimed by its token' : 'a terminal'}`
  return `armed by ${mode === 'spooled' ? 'the agent, from inside its sandbox' : `the agent (${mode})`}`
}
