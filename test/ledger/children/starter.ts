import { startRun } from '../../../src/ledger/start.ts'
import { activation } from '../data.ts'

/** Starts a run when told to by the first byte on stdin, and says how that went. */
const [home = '', runId = ''] = process.argv.slice(2)
process.stdout.write('ready\n')
process.stdin.once('data', () => {
  const started = startRun(home, activation({ runId }), Date.now())
  process.stdout.write(started.ok ? 'started\n' : `${started.error.code}\n`)
  process.stdin.destroy()
})
