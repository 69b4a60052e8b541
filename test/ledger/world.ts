import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll } from '@jest/globals'
import { buildSync } from 'esbuild'

const made: string[] = []
afterAll(() => {
  for (const dir of made) fs.rmSync(dir, { recursive: true, force: true })
})

export function tempDir(): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'ledger-test-'))
  made.push(dir)
  return dir
}

export { activation, command, session, stop } from './data.ts'

let bundled = 0

/** Makes one of the small programs in children/ runnable by node itself: what is tested across processes is the real code. */
export function bundle(name: string): string {
  const outfile = path.join(tempDir(), `${name}-${(bundled += 1)}.cjs`)
  buildSync({
    entryPoints: [path.join(import.meta.dirname, 'children', `${name}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
  })
  return outfile
}

export interface Child {
  readonly process: ChildProcess
  /** Resolves with the first line that the child printed. */
  readonly line: Promise<string>
  readonly ended: Promise<{ code: number | null; signal: string | null; out: string; err: string }>
}

export function start(file: string, args: readonly string[]): Child {
  const [program, all] = file.endsWith('.cjs') ? [process.execPath, [file, ...args]] : [file, args]
  const child = spawn(program, all, { stdio: ['pipe', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString()
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')))
    })
    child.on('close', () => reject(new Error(`ended without a line: ${err}`)))
  })
  line.catch(() => {})
  child.stderr.on('data', (data: Buffer) => (err += data.toString()))
  const ended = new Promise<{ code: number | null; signal: string | null; out: string; err: string }>(
    (resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, out, err }))
    },
  )
  return { process: child, line, ended }
}
