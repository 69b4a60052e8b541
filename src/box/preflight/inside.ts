import fs from 'node:fs'
import net from 'node:net'
import { processStart } from '../../base/process-id.ts'
import type { ProbeResult, Results } from '../../gates/preflight.ts'
import { type Places, socketNames } from './places.ts'
import { systemCalls } from './system-call.ts'

/** What the probe in the box does, as a gate would. The results, by name. */
export async function tryEverything(places: Places): Promise<Results> {
  // Socket addresses are short, so they are named from here. Where the directory is not seen there is nothing to try.
  const seen = enters(places.dir)
  const fifo = seen ? judged(opensFifo('fifo')) : 'untried'
  return {
    fifo,
    keyring: keyring(places),
    'parent-memory': memory(places),
    'kernel-settings': judged(settings.some((file) => opens(file))),
    descriptors: places.descriptor ? judged(hasOpen(places.secret)) : 'untried',
    // The last: only now the socket is bound.
    'late-socket': seen ? await lateSocket(places) : 'untried',
  }
}

const judged = (reached: boolean): ProbeResult => (reached ? 'reached' : 'held')

function enters(dir: string): boolean {
  try {
    process.chdir(dir)
    return fs.existsSync('witness')
  } catch {
    return false
  }
}

/** Opening ends in an error when nobody reads on the other side, as through a layer of the disk. */
function opensFifo(file: string): boolean {
  try {
    fs.closeSync(fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK))
    return true
  } catch {
    return false
  }
}

async function lateSocket({ ready, go }: Places): Promise<ProbeResult> {
  const begun = fs.openSync(ready, fs.constants.O_WRONLY)
  fs.writeSync(begun, '.')
  fs.closeSync(begun)
  const waiting = fs.openSync(go, 'r')
  const said = Buffer.alloc(1)
  fs.readSync(waiting, said)
  fs.closeSync(waiting)
  if (said.toString() !== '.') return 'untried'
  const answers = await Promise.all(socketNames.map(connects))
  return judged(answers.includes(true))
}

function connects(file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(file)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function keyring({ key, planted }: Places): ProbeResult {
  const calls = systemCalls()
  if (calls === null) return 'untried'
  const found = calls.findsKey(key)
  if (found === true || calls.addsKey(`${key}-inside`)) return 'reached'
  return found === 'refused' || planted ? 'held' : 'untried'
}

/** Reading stands for writing: the kernel asks for the same right. */
function memory({ pid, start, at, length, token }: Places): ProbeResult {
  const calls = systemCalls()
  const holds = (bytes: Buffer | null): boolean => bytes?.includes(token) ?? false
  if (holds(readMem(pid, at, length)) || holds(calls?.reads(pid, at, length) ?? null)) return 'reached'
  // Another process may have the same number in a namespace of its own.
  if (processStart(pid) === start && calls?.traces(pid) === true) return 'reached'
  return calls === null ? 'untried' : 'held'
}

function readMem(pid: number, at: number, length: number): Buffer | null {
  try {
    const mem = fs.openSync(`/proc/${pid}/mem`, 'r')
    const bytes = Buffer.alloc(length)
    fs.readSync(mem, bytes, 0, length, at)
    fs.closeSync(mem)
    return bytes
  } catch {
    return null
  }
}

/** Of the whole machine; opened for writing and not written. */
const settings = ['/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/sys/kernel/uevent_helper']

function opens(file: string): boolean {
  try {
    fs.closeSync(fs.openSync(file, fs.constants.O_WRONLY))
    return true
  } catch {
    return false
  }
}

function hasOpen(file: string): boolean {
  return openFiles().includes(file)
}

/** What the descriptors of this process lead to. */
export function openFiles(): readonly string[] {
  return fs.readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [fs.readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return []
    }
  })
}
