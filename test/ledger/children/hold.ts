import { ok } from '../../../src/base/result.ts'
import { withLock } from '../../../src/ledger/lock.ts'

/** Takes the lock, says so, and holds it until stdin ends or somebody kills it. */
const [dir = ''] = process.argv.slice(2)
void withLock(dir, { waitMs: 60_000 }, async () => {
  process.stdout.write('held\n')
  await new Promise((resolve) => process.stdin.on('end', resolve).resume())
  return ok(undefined)
})
