import { never } from '../../base/result.ts'
import type { ChangedSince, FinalLook, Release } from '../standing.ts'
import { flat } from './short.ts'

/** What differs from a release. Names are words of whoever chose them. */
export function changedWords({ paths, more }: ChangedSince): string {
  if (paths.length === 0) return 'the workspace is not as it was released'
  const named = paths.map(flat).join(', ')
  return more > 0 ? `${named} and ${more} more` : named
}

/** Why a run that was released is open again. */
export function reopenedWords(changes: ChangedSince | null): string {
  const what = changes === null ? '' : ` and changed: ${changedWords(changes)}`
  return `the agent went on after its release${what}`
}

/** How a release became final, as a row or an event tells it. */
export function finalWords(look: FinalLook): string {
  const by = finalBy(look.how)
  switch (look.looked) {
    case 'unchanged':
      return `final ${by}: nothing had changed`
    case 'changed':
      return `final ${by}; changed since the release, and not by a turn of the agent: ${changedWords(look.changes ?? { paths: [], more: 0 })}`
    case 'not-looked':
      return `final ${by}, without another look${look.why === null ? '' : `: ${flat(look.why)}`}`
    default:
      return never(look.looked, 'look')
  }
}

function finalBy(how: FinalLook['how']): string {
  switch (how) {
    case 'prompt':
      return "with the person's next prompt"
    case 'stop':
      return "with the stop after the person's prompt"
    case 'check':
      return 'because its exit code was asked for'
    case 'session-end':
      return 'because its session has ended'
    case 'next-run':
      return "with the session's next run"
    default:
      return never(how, 'way to a final release')
  }
}

/** Where a release stands; null where there is nothing to say of it. */
export function releaseWords(release: Release): string | null {
  if (release.standing === 'final') return release.look && finalWords(release.look)
  return 'provisional: the next prompt in its session makes it final, or the end of the session, or autonomous-loop status --check; if the agent goes on by itself, the run is open again'
}

/** What a person is told at a prompt that made a release final although something had changed. */
export function changedByOthers(runId: string, changes: ChangedSince): string {
  return `since run ${runId.slice(0, 12)} was released, something changed: ${changedWords(changes)}. No turn of the agent ran after it, so the release stays, and it is final now.`
}

/** What a person is told at a prompt that found the agent's work after its release. */
export function openAgain(runId: string, changes: ChangedSince | null): string {
  return `run ${runId.slice(0, 12)} is open again: ${reopenedWords(changes)}. The next stop is judged; the prompt autonomous-loop waive lets it go as it is.`
}
