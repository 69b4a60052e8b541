// Builds what ships: the hook as one small file, the command line as lazily loaded chunks.
import { existsSync, renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { build } from 'esbuild'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const dist = path.join(root, 'dist')
// Built beside it and swapped in, so that whoever uses dist/ meanwhile never finds half of it.
const fresh = path.join(root, `dist.${process.pid}.tmp`)

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  external: ['node-pty'],
  legalComments: 'none',
  logLevel: 'warning',
}

await Promise.all([
  build({
    ...common,
    entryPoints: ['src/hooks/entry.ts'],
    outfile: path.join(fresh, 'hook.cjs'),
    format: 'cjs',
    minify: true,
    keepNames: false,
  }),
  build({
    ...common,
    entryPoints: { main: 'src/cli/main.ts' },
    outdir: path.join(fresh, 'cli'),
    // jsonc-parser's CommonJS form hides its requires from the bundler.
    mainFields: ['module', 'main'],
    format: 'esm',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    // Bundled CommonJS dependencies still call require() and ask for their file's name; an ES module may declare it itself.
    define: { __filename: '__bundleFile' },
    banner: {
      js: [
        "import { createRequire as __createRequire } from 'node:module'",
        "import { fileURLToPath as __fileURLToPath } from 'node:url'",
        'const require = __createRequire(import.meta.url)',
        'const __bundleFile = __fileURLToPath(import.meta.url)',
        '',
      ].join(';\n'),
    },
  }),
])

const old = path.join(root, `dist.${process.pid}.old.tmp`)
if (existsSync(dist)) renameSync(dist, old)
renameSync(fresh, dist)
rmSync(old, { recursive: true, force: true })
