// Bundles and runs test/verdicts/main.ts: labelled scenarios through the whole controller, with false-block and false-release rates.
import { fileURLToPath, pathToFileURL } from 'node:url'
import path from 'node:path'
import { build } from 'esbuild'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
// Two directories below the root, because the test rig finds the working copy from where its file lies.
const outfile = path.join(root, 'node_modules/.cache/verdicts.mjs')
await build({
  absWorkingDir: root,
  entryPoints: ['test/verdicts/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
})
await import(pathToFileURL(outfile).href)
