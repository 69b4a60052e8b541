import { ok } from '../../../src/base/result.ts'
import type { NewEvent } from '../../../src/ledger/events.ts'
import { sessionPaths } from '../../../src/ledger/paths.ts'
import { settle, startRun } from '../../../src/ledger/start.ts'
import { openRun, provisionalRun } from '../../../src/ledger/state.ts'
import { onStep } from '../../../src/ledger/step.ts'
import { append } from '../../../src/ledger/store.ts'
import { isProvisional } from '../../../src/verdict/standing.ts'
import { activation, session, stop } from '../data.ts'

/**
 * The life of a run that is released, goes on, is released again and made final, and of the session's next run: taken up
 * wherever the process before was killed. Kills itself at the given step (0: never) and prints each step.
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

const read = () => must(settle(home, session, Date.now)).state
const write = (event: NewEvent) => must(append(sessionPaths(home, session), Date.now, () => ok([event])))
const release = stop({
  outcome: { verdict: 'release' },
  provisional: { turnId: 't', transcript: null, lookMs: 1 },
})

const begun = (runId: string) => read().runs.some((run) => run.runId === runId)
if (!begun('run-1')) must(startRun(home, activation(), Date.now()))
const last = (runId: string) => read().runs.findLast((run) => run.runId === runId)
const isOnly = () => read().runs.length === 1
if (isOnly() && last('run-1')?.stops === 0) write(release)
if (isOnly() && last('run-1')?.stops === 1 && provisionalRun(read()))
  write({ type: 'reopened', data: { by: 'stop', turnId: 't2', changes: null } })
if (isOnly() && last('run-1')?.stops === 1) write(release)
const first = read().runs[0]
if (first && isProvisional(first) && !begun('run-2'))
  write({ type: 'finalised', data: { how: 'prompt', looked: 'unchanged', changes: null, why: null } })
if (!begun('run-2')) must(startRun(home, activation({ runId: 'run-2' }), Date.now()))
if (openRun(read())?.runId === 'run-2') write(release)
if (!begun('run-3')) must(startRun(home, activation({ runId: 'run-3' }), Date.now()))
read()
