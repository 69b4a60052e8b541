import { bootId } from '../base/boot-id.ts'
import { type ProcessId, isAlive, processStart } from '../base/process-id.ts'

/** The first process of an agent, told from every other one also after the machine was started again. */
export interface AgentProcess extends ProcessId {
  readonly boot: string
}

export function agentProcess(pid: number): AgentProcess {
  return { boot: bootId(), pid, start: processStart(pid) ?? 'unknown' }
}

export function isAgentAlive(id: AgentProcess): boolean {
  return id.boot === bootId() && isAlive(id)
}
