import { spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { systemWords } from '../base/system-words.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { coveredDescriptors } from './inherited.ts'
import { makeFifo } from './make-fifo.ts'
import { FIRST_DEVICE } from './reach.ts'
import type { Exit, StartInput, Started } from './started.ts'

/**
 * Starts a process, in our own process group unless it is asked otherwise, stdin null, stdout and stderr together in one real pipe. Node's own
 * "pipes" are sockets: `echo x > /dev/stderr` fails on them, and a test would fail here that passes for the agent.
 * Failures: `gate-pipe`, `gate-spawn`.
 */
export async function startPiped(input: StartInput): Promise<Result<Started>> {
  const pipe = openPipe(input.privateDir)
  if (!pipe.ok) return pipe
  const { reader, writer, nothing } = pipe.value
  const [file = '', ...args] = input.argv
  const child = spawn(file, args, {
    cwd: input.cwd,
    env: input.env,
    detached: input.ownSession ?? false,
    stdio: [nothing, writer, writer, ...furtherDescriptors(nothing, input.descriptors)],
  })
  for (const fd of input.descriptors) fs.closeSync(fd)
  fs.closeSync(writer)
  fs.closeSync(nothing)
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const begun = await new Promise<Error | null>((resolve) => {
    child.once('spawn', () => resolve(null))
    child.once('error', resolve)
  })
  if (begun !== null || child.pid === undefined) {
    fs.closeSync(reader)
    return fail('gate-spawn', `${file} could not be started: ${systemWords(begun)}`)
  }
  const socket = listen(reader, input.onOutput)
  return ok({
    pid: child.pid,
    exited,
    drained: new Promise((resolve) => {
      socket.once('close', () => resolve())
    }),
    close: () => {
      socket.destroy()
      child.unref()
    },
  })
}

/** Those that are handed on, and nothing of what we inherited. */
function furtherDescriptors(nothing: number, handed: readonly number[]): (number | 'ignore')[] {
  const covered = coveredDescriptors(nothing, handed)
  const length = Math.max(covered.length, handed.length && FIRST_DEVICE + handed.length - 3)
  return Array.from({ length }, (_, index) => handed[index + 3 - FIRST_DEVICE] ?? covered[index] ?? 'ignore')
}

/** One buffer for all reads: 500 MB of output must not become 500 MB of garbage. */
function listen(reader: number, onOutput: (bytes: Buffer) => void): net.Socket {
  const buffer = Buffer.allocUnsafe(64 * 1024)
  // `onread` is documented for connections; sockets made from a descriptor take it as well.
  const options: net.SocketConstructorOpts & Pick<net.ConnectOpts, 'onread'> = {
    fd: reader,
    readable: true,
    writable: false,
    onread: {
      buffer,
      callback: (count) => {
        onOutput(buffer.subarray(0, count))
        return true
      },
    },
  }
  const socket = new net.Socket(options)
  socket.on('error', () => socket.destroy())
  socket.read(0)
  return socket
}

interface Pipe {
  readonly reader: number
  readonly writer: number
  /** /dev/null */
  readonly nothing: number
}

function openPipe(privateDir: string): Result<Pipe> {
  const { O_RDONLY, O_WRONLY, O_NONBLOCK } = fs.constants
  let dir: string | undefined
  try {
    dir = fs.mkdtempSync(path.join(privateDir, '.pipe-'))
    const fifo = path.join(dir, 'fifo')
    makeFifo(fifo)
    const reader = fs.openSync(fifo, O_RDONLY | O_NONBLOCK)
    // Blocking for the gate: a full pipe makes it wait instead of failing with EAGAIN.
    const writer = fs.openSync(fifo, O_WRONLY)
    return ok({ reader, writer, nothing: fs.openSync('/dev/null', O_RDONLY) })
  } catch (error) {
    return fail(
      'gate-pipe',
      `a pipe for the output could not be made in ${privateDir}: ${systemWords(error)}`,
      {
        fix: 'autonomous-loop doctor',
      },
    )
  } finally {
    if (dir !== undefined) fs.rmSync(dir, { recursive: true, force: true })
  }
}
