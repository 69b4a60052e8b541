import { never } from '../base/result.ts'
import type { Release, Standing } from '../verdict/standing.ts'
import type { LedgerEvent } from './events.ts'
import { foldPlan, withChild } from './fold-parts.ts'
import { type Draft, addIdleTime, enter, makeFinal } from './fold-status.ts'

type Released = Standing & {
  readonly status: 'released'
  readonly release: Extract<Release, { standing: 'provisional' }>
}

/** What one event makes of a run whose release is provisional. What changes only an open run says nothing here. */
export function moveReleased(run: Draft, standing: Released, event: LedgerEvent): void {
  const { release } = standing
  /** Turns after a prompt are the person's. */
  const worked = (): void => {
    if (!release.prompted) run.standing = { ...standing, release: { ...release, worked: true } }
  }
  switch (event.type) {
    case 'reopened':
      addIdleTime(run, event.at)
      enter(run, { status: 'active' }, event.at)
      run.reopened = { at: event.at, changes: event.data.changes }
      // Which one it was is not known to whoever saw only what it left.
      run.unjudgedTurn = event.data.turnId
      delete run.provisional
      return
    case 'finalised':
      return makeFinal(run, event.data)
    case 'prompt':
      run.standing = { ...standing, release: { ...release, prompted: true } }
      return
    case 'plan':
      run.plan = foldPlan(run.plan, event.data, event.at)
      return worked()
    case 'child':
      run.children = withChild(run.children, event.data, event.at)
      if (event.data.what === 'started') worked()
      return
    case 'session':
      if (run.plan && event.data.source !== 'compact') run.plan = { ...run.plan, stale: true }
      return
    case 'activated':
    case 'refined':
    case 'stop':
    case 'unjudged':
    case 'ending':
    case 'paused':
    case 'resumed':
    case 'wait':
    case 'amended':
    case 'limits':
    case 'closed':
    case 'repaired':
    case 'refused':
      return
    default:
      never(event, 'ledger event')
  }
}
