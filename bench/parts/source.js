// The ledger of a session made long, through the product's own code (bundled on the fly: there is no command for it).
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from './world.js'

const program = `
import { append } from './src/ledger/store.ts'
import { ok } from './src/base/result.ts'
export function grow(home, session, events) {
  const grown = append(home, session, Date.now, (state) =>
    ok(Array.from({ length: events - state.seq }, (_, i) => ({
      type: 'plan',
      data: { plan: Array.from({ length: 5 }, (_, step) => ({ step: 'step ' + step + ' of plan ' + i, status: step < 3 ? 'completed' : step === 3 ? 'in_progress' : 'completed' })) },
    }))))
  if (!grown.ok) throw new Error(grown.error.message)
}
`

/** Appends plans until the ledger has so many events. */
export async function grow(home, session, events) {
  const outfile = path.join(home, `bench-${process.pid}.mjs`)
  await build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    outfile,
  })
  const code = await import(pathToFileURL(outfile).href)
  fs.rmSync(outfile)
  code.grow(home, session, events)
}
