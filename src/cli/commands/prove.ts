import path from 'node:path'
import { ok } from '../../base/result.ts'
import { prove as proveHere } from '../../setup/prove/prove.ts'
import { bundleDirectory } from '../bundle.ts'
import { command } from '../command.ts'
import { proofDoc } from '../render/proof.ts'
import { version } from '../version.ts'

/** `prove`: plays the whole story on the real Codex with a scripted model. Exit status 0 only if all of it was seen. */
export const prove = command({
  flags: {
    codex: { type: 'string', describe: 'the codex to prove it with (default: yours)' },
    keep: { type: 'boolean', describe: 'leave the directory in which it happened' },
  },
  run: async (args, { context, interactive, interrupted }) => {
    const line = waitingLine(interactive)
    const ended = new AbortController()
    const end = (): void => ended.abort()
    interrupted.addEventListener('abort', end)
    // A closed terminal or a polite kill must not leave the directory behind either.
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
    const proof = await proveHere(context.env, {
      codexPath: args.codex ?? null,
      keep: args.keep === true,
      cli: path.join(bundleDirectory(), 'cli', 'main.js'),
      node: process.execPath,
      version,
      abort: ended.signal,
      progress: line.show,
    })
    line.clear()
    if (!proof.ok) return proof
    return ok({ code: proof.value.ok ? 0 : 1, data: proof.value, text: () => proofDoc(proof.value) })
  },
})

/** One line that says what is being tried, on a person's terminal only. */
function waitingLine(shown: boolean): { show: (what: string) => void; clear: () => void } {
  const write = (text: string): void => {
    if (shown && process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
  }
  return { show: (what) => write(`… ${what}`), clear: () => write('') }
}
