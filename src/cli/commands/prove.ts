import path from 'node:path'
import { ok } from '../../base/result.ts'
import { prove as proveHere } from '../../prove/prove.ts'
import { bundleDirectory } from '../bundle.ts'
import { command } from '../command.ts'
import { waitingLine } from '../render/progress.ts'
import { proofDoc } from '../render/proof.ts'
import { version } from '../version.ts'

/** `prove`: plays the whole story on the real Codex with a scripted model. Exit status 0 only if all of it was seen. */
export const prove = command({
  flags: {
    codex: { type: 'string', value: 'file', describe: 'the codex to prove it with (default: yours)' },
    run: {
      type: 'boolean',
      describe: 'the backlog alone and whole: killed in the middle, a quota, landed',
    },
    keep: { type: 'boolean', describe: 'leave the directory in which it happened' },
  },
  run: async (args, io) => {
    const { context, interrupted } = io
    const line = waitingLine(io)
    const ended = new AbortController()
    const end = (): void => ended.abort()
    interrupted.addEventListener('abort', end)
    // A closed terminal or a polite kill must not leave the directory behind either.
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, end)
    const proof = await proveHere(context.env, {
      story: args.run === true ? 'run' : 'short',
      codexPath: args.codex ?? null,
      keep: args.keep === true,
      cli: path.join(bundleDirectory(), 'cli', 'main.js'),
      node: process.execPath,
      version,
      abort: ended.signal,
      progress: (what) => line.show(what),
    })
    line.clear()
    if (!proof.ok) return proof
    return ok({ code: proof.value.ok ? 0 : 1, data: proof.value, text: () => proofDoc(proof.value) })
  },
})
