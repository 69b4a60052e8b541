import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'

/*
 * hook.cjs: starts the real program from the code V8 compiled the last time. Compiling anew takes a fifth of a small stop.
 *
 *   stop, session-start ──► hook.judge.cjs   everything: most of these look at the workspace
 *   all others          ──► hook.main.cjs    a third of it; asks for hook.judge.cjs when a run is to begin
 *   (either of them)    ──► hook.formats.cjs  the parsers of TOML, YAML and JSON, where such a file differs
 *
 * The cache only saves time and is never needed: whatever is wrong with it, the source is compiled as ever and a new cache
 * is left for the next time.
 *
 *   hook.main.<event>.cache:   <sha256 of the rest>⏎<node, and identity of the source file>⏎<what V8 made>
 *
 * V8 itself compares only its version, its flags and the length of the source, hence the rest.
 */
interface Program {
  readonly run?: () => void
}

const event = /^[a-z-]+$/.exec(process.argv[2] ?? '')?.[0] ?? 'none'
/** As hooks/load-engine.ts and workspace/load-formats.ts ask for them, whose words the build leaves as they are. */
const brought: Readonly<Record<string, string>> = {
  './engine.ts': 'hook.judge',
  './formats.ts': 'hook.formats',
}
const loaded = new Map<string, Program>()
const whole = new Set(['stop', 'session-start'])
load(whole.has(event) ? 'hook.judge' : 'hook.main').run?.()

/** All others are node's own. */
function requireHere(name: string): unknown {
  const file = brought[name]
  if (file === undefined) return require(name) as unknown
  const program = loaded.get(file) ?? load(file)
  loaded.set(file, program)
  return program
}

function load(name: string): Program {
  const file = path.join(__dirname, `${name}.cjs`)
  const source = fs.readFileSync(file, 'latin1')
  const cache = path.join(__dirname, `${name}.${event}.cache`)
  const identity = identityOf(file)
  const cachedData = readCache(cache, identity)
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  })
  if (!cachedData || script.cachedDataRejected)
    process.on('exit', (code) => leaveCache(code, cache, identity, script))
  const program = script.runInThisContext() as (this: unknown, ...args: unknown[]) => void
  const own = { exports: {} }
  program.call(own.exports, own.exports, requireHere, own, file, __dirname)
  return own.exports
}

/** Changes with every replacement and every write of the file. */
function identityOf(name: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = fs.statSync(name, { bigint: true })
  return [process.version, process.arch, dev, ino, size, mtimeNs, ctimeNs].join(' ')
}

function readCache(cache: string, identity: string): Buffer | undefined {
  try {
    const bytes = fs.readFileSync(cache)
    const begin = 65 + identity.length + 1
    if (bytes.toString('latin1', 64, begin) !== `\n${identity}\n`) return undefined
    return bytes.toString('latin1', 0, 64) === digest(bytes.subarray(65)) ? bytes.subarray(begin) : undefined
  } catch {
    return undefined
  }
}

/** After a good end: what ran is compiled by then. Beside the name first, so that no half of it is ever read. */
function leaveCache(code: number, cache: string, identity: string, script: vm.Script): void {
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
