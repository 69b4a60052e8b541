import type { Agent, AgentEvent, Outcome, Turn } from './agent.ts'
import { StopOrder } from './stop-order.ts'

/** An agent whose turns are these; `order` is given when one is to be stopped. `turn` never rejects. */
export function asAgent(
  turn: <A>(turn: Turn<A>, events: (event: AgentEvent) => void, order: StopOrder) => Promise<Outcome<A>>,
): Agent {
  return {
    start(one, events) {
      const order = new StopOrder()
      return { ended: turn(one, events, order), stop: (how) => order.give(how) }
    },
  }
}
