import path from 'node:path'
import { ok } from '../../base/result.ts'
import { prove as runProof } from '../../setup/prove/prove.ts'
import { bundleDirectory } from '../bundle.ts'
import { command } from '../command.ts'
import { proveDoc } from '../render/prove.ts'
import { version } from '../version.ts'

/** `prove`: the real Codex of this machine, held and released, in a home of its own. */
export const prove = command({
  flags: {
    codex: { type: 'string', describe: 'path of the codex to show (default: yours)' },
    keep: { type: 'boolean', describe: 'leave the directory in which it happened, and print its path' },
  },
  run: async (args, io) => {
    const line = waitingLine(io.interactive)
    const ended = new AbortController()
    const end = (): void => ended.abort()
    // A closed terminal or a polite kill must not leave the directory behind either.
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
    const proof = await runProof(io.context.env, {
      codexPath: args.codex ?? null,
      keep: args.keep ?? false,
      cli: path.join(bundleDirectory(), 'cli', 'main.js'),
      node: process.execPath,
      version,
      abort: AbortSignal.any([io.interrupted, ended.signal]),
      progress: line.show,
    })
    line.clear()
    if (!proof.ok) return proof
    return ok({ code: proof.value.ok ? 0 : 1, data: proof.value, text: () => proveDoc(proof.value) })
  },
})

/** One line that says what is being tried, on a person's terminal only. */
function waitingLine(shown: boolean): { show: (what: string) => void; clear: () => void } {
  const write = (text: string): void => {
    if (shown && process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
  }
  return { show: (what) => write(`… ${what}`), clear: () => write('') }
}
