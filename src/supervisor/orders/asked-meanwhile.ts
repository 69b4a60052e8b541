import { waitersFor } from '../decide/dependants.ts'
import type { NewBatchEvent } from '../record/events.ts'
import type { Mode, Plan } from '../decide/holds.ts'
import { stopFileIn } from '../decide/plan.ts'
import { takeInRequests } from './requests.ts'
import type { RunIo } from '../batch/run-asked.ts'
import type { Bell } from '../batch/surroundings.ts'
import type { World } from '../world.ts'

/** What a person asked for meanwhile. */
export class AskedMeanwhile {
  private stops: Mode = 'run'

  constructor(
    private readonly world: World,
    private readonly root: string,
    private readonly io: RunIo,
    private readonly bell: Bell,
  ) {}

  /** Takes in what was asked since the last time. */
  mode(): Mode {
    const { ledger, repo } = this.world
    const { requests, events } = takeInRequests(ledger, repo.requests, (id) => waitersFor(this.plan(), id))
    for (const request of requests) if (request.kind === 'stop') this.stop(request.now)
    for (const { type, data } of events)
      if (type === 'attempt-ending') this.world.atWork.get(data.fence)?.stop('soft')
    if (this.io.ending.aborted) return 'stop'
    if (this.stops === 'run' && stopFileIn(this.root) !== null) this.stops = 'drain'
    return this.stops
  }

  retryParked(): void {
    const { ledger } = this.world
    const parked = [...ledger.state().items].flatMap(([item, { standing }]): NewBatchEvent[] =>
      standing.kind === 'parked' ? [{ type: 'item-retried', data: { item } }] : [],
    )
    if (parked.length > 0) ledger.append(...parked)
  }

  private stop(now: boolean): void {
    this.stops = now ? 'stop' : this.stops === 'stop' ? 'stop' : 'drain'
    if (now) this.io.end()
    this.bell.tell()
  }

  private plan(): Plan['items'] {
    const { ledger, item } = this.world
    return new Map([...ledger.state().items.keys()].map((id) => [id, item(id)]))
  }
}
