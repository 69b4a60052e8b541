// Preloaded into the hook's node (never shipped): counts every change it makes outside itself, and ends the process
// before, in the middle of or after the one whose number stands in AUTOLOOP_TEST_KILL_AT.
const fs = require('node:fs')
const childProcess = require('node:child_process')

const killAt = Number(process.env.AUTOLOOP_TEST_KILL_AT || 0)
const log = process.env.AUTOLOOP_TEST_STEPS
const { appendFileSync, openSync, writeSync, closeSync } = fs
const raw = { appendFileSync, openSync, writeSync, closeSync }
let count = 0
let inside = false

function step(name) {
  count += 1
  if (log) {
    inside = true
    const fd = raw.openSync(log, 'a')
    raw.writeSync(fd, `${name}\n`)
    raw.closeSync(fd)
    inside = false
  }
  if (count === killAt) process.kill(process.pid, 'SIGKILL')
}

const files = new Map()
const nameOf = (target) =>
  typeof target === 'number' ? (files.get(target) ?? `fd ${target}`) : String(target)

function wrap(from, name, applies = () => true) {
  const original = from[name]
  from[name] = function (...args) {
    if (inside || !applies(args)) return original.apply(this, args)
    const what = `${name} ${nameOf(args[0])}`
    step(`before ${what}`)
    const result = original.apply(this, args)
    step(`after ${what}`)
    return result
  }
}

for (const name of `renameSync unlinkSync rmSync rmdirSync mkdirSync mkdtempSync symlinkSync linkSync ftruncateSync
  truncateSync fsyncSync chmodSync fchmodSync copyFileSync writeFileSync appendFileSync`.split(/\s+/))
  wrap(fs, name)
for (const name of ['spawn', 'execFileSync', 'spawnSync']) wrap(childProcess, name)

const writes = (flags) =>
  typeof flags === 'number'
    ? (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0
    : /[wax+]/.test(flags ?? 'r')
wrap(fs, 'openSync', (args) => writes(args[1]))
const open = fs.openSync
fs.openSync = function (...args) {
  const fd = open.apply(this, args)
  files.set(fd, String(args[0]))
  return fd
}

fs.writeSync = function (fd, data, ...rest) {
  if (inside) return raw.writeSync(fd, data, ...rest)
  const what = `writeSync ${nameOf(fd)}`
  step(`before ${what}`)
  const bytes = typeof data === 'string' ? Buffer.from(data) : data.subarray(rest[0] ?? 0)
  const half = bytes.length >> 1
  if (half > 0 && count + 1 === killAt) raw.writeSync(fd, bytes, 0, half)
  step(`half of ${what}`)
  const result = raw.writeSync(fd, data, ...rest)
  step(`after ${what}`)
  return result
}

// What it means to sleep, in ms: only somebody who waits for a lock does.
const waits = process.env.AUTOLOOP_TEST_WAITS
const timers = require('node:timers/promises')
if (waits) {
  const sleeps = (from, name, ms) => {
    const original = from[name]
    from[name] = function (...args) {
      raw.appendFileSync(waits, `${ms(args)}\n`)
      return original.apply(this, args)
    }
  }
  sleeps(Atomics, 'wait', (args) => args[3])
  sleeps(timers, 'setTimeout', (args) => args[0])
}
