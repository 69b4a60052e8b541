import { sessionPaths } from '../../../src/ledger/paths.ts'
import { ok } from '../../../src/base/result.ts'
import { append } from '../../../src/ledger/store.ts'
import { session } from '../data.ts'

/** Appends events under its own name until it is killed or has done its number; a line for each that was acknowledged. */
const [home = '', name = '', times = '0'] = process.argv.slice(2)
for (let round = 0; round < Number(times); round += 1) {
  const done = append(sessionPaths(home, session), Date.now, () =>
    ok([{ type: 'session', data: { source: name, cwd: String(round) } }]),
  )
  if (!done.ok) throw new Error(`${done.error.code}: ${done.error.message}`)
  process.stdout.write(`${round}\n`)
}
