import { cleanRoomWords } from '../../verdict/words/place.ts'
import { durationWords } from '../../views/events-view.ts'
import type { GateStatus, JudgingStatus } from '../../views/gate-status.ts'
import { doingWords } from './doing.ts'

/** What a stop waits for at this moment. */
export function judgingWords({ since, doing }: JudgingStatus, now: number): string {
  const from = Date.parse(doing[0]?.since ?? since)
  return `${doingWords(doing)}, ${durationWords(Math.max(0, now - from))}`
}

/** Every gate of the last stop with its place; what failed is told in a row of its own. */
export function gatesWords(gates: readonly GateStatus[]): string {
  return gates
    .map((one) => {
      const outcome = one.outcome === 'could-not-run' ? 'could not run' : one.outcome
      const place = one.place === 'clean-room' ? ` ${cleanRoomWords}` : ''
      const reused = one.reused_from === null ? '' : `, reused from stop ${one.reused_from}`
      const tests =
        one.start_tests === null
          ? ''
          : one.start_tests === 'passed'
            ? ', with the tests of the start too'
            : ", with the start's tests"
      return `${one.gate} ${outcome}${place}${tests} (${durationWords(one.duration_ms)}${reused}${one.flaky ? ', flaky' : ''})`
    })
    .join(', ')
}
