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
    const proof = await proveHere(context.env, {
      codexPath: args.codex === undefined ? null : path.resolve(context.env.cwd, args.codex),
      keep: args.keep === true,
      cli: path.join(bundleDirectory(), 'cli', 'main.js'),
      node: process.execPath,
      version,
      abort: interrupted,
      progress: (what) => void (interactive && process.stderr.write(`… ${what}\n`)),
    })
    if (!proof.ok) return proof
    return ok({ code: proof.value.ok ? 0 : 1, data: proof.value, text: () => proofDoc(proof.value) })
  },
})
