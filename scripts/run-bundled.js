import { pathToFileURL } from 'node:url'
import path from 'node:path'
import { build } from 'esbuild'

/** Bundles a program of the tests, which are TypeScript, and runs it in this process. */
export async function runBundled(root, file) {
  // Two directories below the root, because the test rig finds the working copy from where its file lies.
  const outfile = path.join(root, 'node_modules/.cache', `${path.basename(file, '.ts')}.mjs`)
  await build({
    absWorkingDir: root,
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  })
  return import(pathToFileURL(outfile).href)
}
