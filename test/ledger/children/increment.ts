import fs from 'node:fs'
import { ok } from '../../../src/base/result.ts'
import { withLock, withLockSync } from '../../../src/ledger/lock.ts'

/** Adds one to the number in a file, many times, the way that loses updates without a lock. */
const [dir = '', file = '', times = '0', kind = 'sync'] = process.argv.slice(2)

function increment(): void {
  const before = Number(fs.readFileSync(file, 'utf8'))
  fs.writeFileSync(file, String(before + 1))
}

async function main(): Promise<void> {
  for (let round = 0; round < Number(times); round += 1) {
    const done =
      kind === 'sync'
        ? withLockSync(dir, { waitMs: 60_000 }, () => ok(increment()))
        : await withLock(dir, { waitMs: 60_000 }, async () => {
            await Promise.resolve()
            return ok(increment())
          })
    if (!done.ok) throw new Error(done.error.message)
  }
}
void main()
