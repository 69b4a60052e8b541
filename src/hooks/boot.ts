import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'

/*
 * hook.cjs: starts the real program, hook.main.cjs, from the code V8 compiled the last time. Compiling it anew takes a
 * fifth of a small stop. The cache only saves time and is never needed: whatever is wrong with it, the source is compiled
 * as ever and a new cache is left for the next time.
 *
 *   hook.main.<event>.cache:   <sha256 of the rest>⏎<node, and identity of the source file>⏎<what V8 made>
 *
 * V8 itself compares only its version, its flags and the length of the source, hence the rest.
 */
const file = path.join(__dirname, 'hook.main.cjs')
const source = fs.readFileSync(file, 'latin1')
const cache = path.join(
  __dirname,
  `hook.main.${/^[a-z-]+$/.exec(process.argv[2] ?? '')?.[0] ?? 'none'}.cache`,
)
const identity = identityOf(file)
const cachedData = readCache()
const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
  filename: file,
  ...(cachedData ? { cachedData } : {}),
})
if (!cachedData || script.cachedDataRejected) process.on('exit', leaveCache)
const program = script.runInThisContext() as (this: unknown, ...args: unknown[]) => void
program.call(exports, exports, require, module, file, __dirname)

/** Changes with every replacement and every write of the file. */
function identityOf(name: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = fs.statSync(name, { bigint: true })
  return [process.version, process.arch, dev, ino, size, mtimeNs, ctimeNs].join(' ')
}

function readCache(): Buffer | undefined {
  try {
    const bytes = fs.readFileSync(cache)
    const start = 65 + identity.length + 1
    if (bytes.toString('latin1', 64, start) !== `\n${identity}\n`) return undefined
    return bytes.toString('latin1', 0, 64) === digest(bytes.subarray(65)) ? bytes.subarray(start) : undefined
  } catch {
    return undefined
  }
}

/** After a good end: what ran is compiled by then. Beside the name first, so that no half of it is ever read. */
function leaveCache(code: number): void {
  if (code !== 0) return
  const fresh = `${cache}.${process.pid}`
  try {
    const rest = Buffer.concat([Buffer.from(`${identity}\n`), script.createCachedData()])
    fs.writeFileSync(fresh, Buffer.concat([Buffer.from(`${digest(rest)}\n`), rest]), {
      mode: 0o600,
      flag: 'wx',
    })
    fs.renameSync(fresh, cache)
  } catch {
    fs.rmSync(fresh, { force: true })
  }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
