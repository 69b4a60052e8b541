import { type JsonObject, isObject } from '../../base/json.ts'

/** Lines that are wanted of the rollouts of sub-agents. */
export const CALL_WORDS = ['"function_call', '"custom_tool_call', '"turn_aborted"']

/** It waits for other sub-agents, whose own calls count. */
const WAITS = 'wait_agent'

/** Tools that sub-agents called and that have not answered: the stream of the root says nothing while they run. */
export class OpenCalls {
  private readonly calls = new Map<string, { readonly rollout: string; readonly at: string }>()

  take(rollout: string, { type, timestamp, payload }: JsonObject): void {
    if (!isObject(payload)) return
    const { type: kind, call_id: id, name } = payload
    if (type === 'event_msg' && (kind === 'turn_aborted' || kind === 'task_complete')) this.end(rollout)
    if (type !== 'response_item' || typeof id !== 'string') return
    if (kind === 'function_call_output' || kind === 'custom_tool_call_output') this.calls.delete(id)
    if ((kind === 'function_call' || kind === 'custom_tool_call') && name !== WAITS)
      this.calls.set(id, { rollout, at: String(timestamp) })
  }

  /** Whether one is open that began after this time, as rollouts write times. Those of a turn that was killed never end. */
  hasAfter(time: string): boolean {
    return [...this.calls.values()].some(({ at }) => at > time)
  }

  private end(rollout: string): void {
    for (const [id, call] of this.calls) if (call.rollout === rollout) this.calls.delete(id)
  }
}
