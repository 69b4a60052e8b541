import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildSync } from 'esbuild'
import { guardDefine } from '../../scripts/inner-programs.js'
import { processStart } from '../../src/base/process-id.ts'
import { long } from '../rig/long.ts'

/** A program that is guarded, says so with its own and its gate's pid, and then hangs as in a system call. */
const program = `
import { spawn } from 'node:child_process'
import { guardDeadline } from './src/hooks/deadline.ts'
import { gateOwner } from './src/gates/environment.ts'
const gate = process.env.WITH_GATE
  ? spawn('sleep', ['600'], { env: { ...process.env, AUTOLOOP_GATE: process.env.WITH_GATE + ':' + gateOwner(process.pid) + '1' }, stdio: 'ignore' })
  : null
const codex = process.env.CODEX ? JSON.parse(process.env.CODEX) : null
const unguard = guardDeadline({ inMs: Number(process.env.IN), answer: 'the answer\\n', unheld: 'nobody is held\\n', codex, marker: process.env.MARKER ?? null, note: null })
process.stderr.write(process.pid + ' ' + (gate?.pid ?? 0) + '\\n', () => {
  if (process.env.FINISH) {
    unguard()
    process.stdout.write('done\\n', () => process.exit(0))
  } else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})
`

let dir: string
let bundle: string
beforeAll(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'deadline-'))
  bundle = path.join(dir, 'guarded.cjs')
  buildSync({
    stdin: { contents: program, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    define: guardDefine(),
    platform: 'node',
    format: 'cjs',
    outfile: bundle,
  })
})
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }))

interface Guarded {
  readonly child: ChildProcess
  readonly pid: number
  readonly gate: number
  /** Everything on stdout, once nobody holds it open any more. */
  readonly output: Promise<string>
}

async function start(env: Record<string, string>): Promise<Guarded> {
  const child = spawn(process.execPath, [bundle], { env: { ...process.env, ...env } })
  let text = ''
  child.stdout.on('data', (bytes: Buffer) => void (text += bytes.toString()))
  const output = once(child, 'close').then(() => text)
  const [line] = (await once(child.stderr, 'data')) as [Buffer]
  const [pid = 0, gate = 0] = line.toString().trim().split(' ').map(Number)
  return { child, pid, gate, output }
}

describe('the guard of the deadline', () => {
  test('answers for a main thread that hangs, and ends it and its gate', async () => {
    const { pid, gate, output } = await start({ IN: '0', WITH_GATE: `run-${process.pid}` })
    expect(await output).toBe('the answer\n')
    expect(processStart(pid)).toBeUndefined()
    expect(processStart(gate)).toBeUndefined()
  })

  if (long)
    test('says something else for a session whose mark is gone by then', async () => {
      const mark = path.join(dir, 'mark')
      const unheld = await start({ IN: '0', MARKER: mark })
      expect(await unheld.output).toBe('nobody is held\n')
      fs.writeFileSync(mark, '')
      const held = await start({ IN: '0', MARKER: mark })
      expect(await held.output).toBe('the answer\n')
    })

  if (long)
    test('says nothing when the Codex that asked is gone', async () => {
      const gone = JSON.stringify({ pid: process.pid, start: 'another' })
      const { pid, output } = await start({ IN: '3600000', CODEX: gone })
      expect(await output).toBe('')
      expect(processStart(pid)).toBeUndefined()
    })

  test('is gone with the hook that ends in time: nobody holds its stdout', async () => {
    const { output } = await start({ IN: '3600000', FINISH: '1' })
    expect(await output).toBe('done\n')
  })

  test('ends by itself when the hook was killed, and what it left of its gates', async () => {
    const { child, gate, output } = await start({ IN: '3600000', WITH_GATE: `run-${process.pid}` })
    child.kill('SIGKILL')
    expect(await output).toBe('')
    expect(processStart(gate)).toBeUndefined()
  })
})
