import type { PersonHook } from '../../contract/supervisor/settings.ts'
import { readBatch } from '../record/batch-ledger.ts'
import type { BatchEvent } from '../record/events.ts'
import { addEvent } from '../record/fold.ts'
import type { BatchState } from '../record/state.ts'
import type { World } from '../world.ts'
import { type Happening, happeningsOf } from './happening.ts'
import { type HookEnded, hookKey, readHooks, writeHook } from './hook-journal.ts'
import { type RunGround, runHook } from './run-hook.ts'

type HookGround = RunGround & Pick<World, 'settings' | 'ledger'>

/**
 * Runs the commands that a person wants to have run when something happens. Those of one item run one after the other, in the order
 * of its events; those of the batch once all before them have ended. The batch waits for none but `attemptStart`, and nothing
 * that a hook does changes what becomes of it.
 */
export class HooksForPeople {
  private readonly ground: HookGround
  private readonly told: (ended: HookEnded) => void
  /** The last hook of each item; '' for the batch. */
  private readonly last = new Map<string, Promise<void>>()
  private readonly starts = new Map<number, Promise<void>>()
  private readonly begun: Set<string>
  /** Of the batch, with the last event that was heard. */
  private state: BatchState | null = null

  constructor(ground: HookGround, told: (ended: HookEnded) => void) {
    this.ground = ground
    this.told = told
    this.begun = new Set(readHooks(ground.batch).begun)
  }

  /** What was recorded before a crash, and no hook was begun for. Hooks that the config did not have until now are not run for it. */
  catchUp(): void {
    if (!this.hasAny()) return
    const events: BatchEvent[] = []
    readBatch(this.ground.batch.ledger, (event) => events.push(event))
    const { begun, seq } = this.ground.ledger.state()
    const known = readHooks(this.ground.batch).from
    const from = known ?? (begun === 0 ? 0 : seq)
    if (known === null) this.write({ at: 'from', seq: from })
    for (const event of events) this.take(event, from)
  }

  hear(event: BatchEvent): void {
    if (this.hasAny()) this.take(event, 0)
  }

  private hasAny(): boolean {
    return Object.keys(this.ground.settings.on).length > 0
  }

  private take(event: BatchEvent, from: number): void {
    const before = this.state
    this.state = addEvent(before, event)
    if (this.state === null || event.seq <= from) return
    for (const one of happeningsOf(event, before, this.state)) this.follow(one)
  }

  private follow(happening: Happening): void {
    const { item, fence, hook } = happening
    const asked = this.ground.settings.on[hook]
    if (asked === undefined || this.begun.has(hookKey(happening))) return
    const before = [...this.last].filter(([of]) => item === null || of === item || of === '')
    const run = Promise.all(before.map(([, one]) => one)).then(() => this.run(asked, happening))
    this.last.set(item ?? '', run)
    if (fence !== null && hook === 'attemptStart') this.starts.set(fence, run)
  }

  /** Resolves once the agent of an attempt may begin: what is to be there before it is there. */
  async started(fence: number): Promise<void> {
    await this.starts.get(fence)
    this.starts.delete(fence)
  }

  /** Resolves when none is left. */
  async drained(): Promise<void> {
    await Promise.all(this.last.values())
  }

  private async run(hook: PersonHook, happening: Happening): Promise<void> {
    const { signals } = this.ground
    // The next call runs it: nothing says that it was begun.
    if (signals.endAgents.aborted) return
    if (!this.write({ at: 'begun', seq: happening.seq, hook: happening.hook })) return
    this.begun.add(hookKey(happening))
    const file = happening.item === null ? null : (this.state?.items.get(happening.item)?.frozen.file ?? null)
    const ended = await runHook(this.ground, hook, happening, file)
    this.write({ at: 'ended', ...ended })
    this.told(ended)
  }

  /** What cannot be put down is not begun. */
  private write(line: Parameters<typeof writeHook>[1]): boolean {
    try {
      writeHook(this.ground.batch, line)
      return true
    } catch {
      return false
    }
  }
}
