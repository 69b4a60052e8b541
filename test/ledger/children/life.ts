import { isOpen } from '../../../src/verdict/standing.ts'
import { sessionPaths } from '../../../src/ledger/paths.ts'
import { ok } from '../../../src/base/result.ts'
import type { LedgerState } from '../../../src/ledger/state.ts'
import { settle, startRun } from '../../../src/ledger/start.ts'
import { onStep } from '../../../src/ledger/step.ts'
import { append } from '../../../src/ledger/store.ts'
import { activation, session, stop } from '../data.ts'

/**
 * A run's whole life, taken up wherever the process before was killed: start, one block, release. Kills itself at the
 * given step (0: never) and prints each step, so that the test knows how many there are.
 */
const [home = '', killAt = '0'] = process.argv.slice(2)
let steps = 0
onStep((name) => {
  steps += 1
  process.stdout.write(`${name}\n`)
  if (steps === Number(killAt)) process.kill(process.pid, 'SIGKILL')
})

function must<T>(
  result: { ok: true; value: T } | { ok: false; error: { code: string; message: string } },
): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}

let state: LedgerState = must(settle(home, session, Date.now)).state
if (state.runs.length === 0) state = must(startRun(home, activation(), Date.now()))
if (state.runs[0] && isOpen(state.runs[0]) && state.runs[0].stops === 0)
  state = must(append(sessionPaths(home, session), Date.now, () => ok([stop({ stop: 1 })]))).state
if (state.runs[0] && isOpen(state.runs[0]))
  must(
    append(sessionPaths(home, session), Date.now, () =>
      ok([stop({ stop: 2, outcome: { verdict: 'release' } })]),
    ),
  )
must(settle(home, session, Date.now))
