import { endProcesses } from '../base/end-processes.ts'
import { type ProcessId, isAlive, processStart } from '../base/process-id.ts'
import { gateProcesses } from '../gates/processes.ts'

/** All processes of one agent. */
export class ProcessTree {
  private readonly mark: string
  private readonly leader: ProcessId
  private known: readonly ProcessId[] = []

  /** `mark` stands in the environment of them all, unless one took it out. */
  constructor(mark: string, leader: ProcessId) {
    this.mark = mark
    this.leader = leader
  }

  /**
   * Those that are there now stay known. The first process of a box is among them: it is there until all others in it are gone, whatever
   * they call themselves.
   */
  remember(): void {
    this.known = this.find().map((pid) => ({ pid, start: processStart(pid) ?? '' }))
  }

  /** See `endProcesses`; again until nothing is left. */
  async end(graceMs: number): Promise<void> {
    for (let left = graceMs; !(await endProcesses(() => this.find(), left)); left = 0);
  }

  private find(): number[] {
    const known = this.known.filter(isAlive).map(({ pid }) => pid)
    // The number of a leader that has ended may be another's by now.
    const leader = isAlive(this.leader) ? this.leader.pid : null
    return [...new Set([...gateProcesses(this.mark, leader), ...known])]
  }
}
