import fs from 'node:fs'
import path from 'node:path'
import { type Sha256, sha256 } from '../../../src/base/hash.ts'
import { ok } from '../../../src/base/result.ts'
import { withLock } from '../../../src/ledger/lock.ts'
import { keepLayer, makingLock, takeLayer } from '../../../src/records/layer-store.ts'

/**
 * Makes the layer `name` unless it is there, as prepare does, with `count` files in it; says what it did and stays until stdin ends.
 * Whoever made it leaves a file in `made`.
 */
const [dir = '', name = '', count = '0', made = ''] = process.argv.slice(2)
const digest: Sha256 = sha256(name)

void withLock(makingLock(dir, digest), { waitMs: 60_000 }, async () => {
  const there = takeLayer(dir, digest, Date.now())
  if (!there.ok) throw new Error(there.error.message)
  if (there.value) {
    process.stdout.write('there\n')
    return ok(undefined)
  }
  process.stdout.write('making\n')
  const written = path.join(dir, `written-${process.pid}`)
  fs.mkdirSync(written)
  for (let nth = 0; nth < Number(count); nth += 1) fs.writeFileSync(path.join(written, `f${nth}`), `${nth}\n`)
  keepLayer(dir, digest, written, { at: Date.now(), root: '/repo', argv: ['make'] })
  fs.writeFileSync(path.join(made, String(process.pid)), '')
  const taken = takeLayer(dir, digest, Date.now())
  if (!taken.ok || !taken.value) throw new Error('the layer is gone')
  process.stdout.write('made\n')
  return ok(undefined)
}).then(async () => new Promise((resolve) => process.stdin.on('end', resolve).resume()))
