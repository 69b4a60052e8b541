// Programs that are text in a bundle, for whoever bundles: each is started in a process or a thread of its own.
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { buildSync } from 'esbuild'

/** The guard of the deadline, which node is given as `-e`. What `define` of a bundler needs. */
export function guardDefine() {
  return { GUARD_PROGRAM: programText('src/hooks/guard.ts', 'esm') }
}

/** The thread that copies a part of a tree. */
export function copyDefine() {
  return { COPY_PROGRAM: programText('src/workspace/room/copy-worker.ts', 'cjs') }
}

function programText(entry, format) {
  const { outputFiles } = buildSync({
    absWorkingDir: path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..'),
    entryPoints: [entry],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20.19',
    format,
    write: false,
    logLevel: 'warning',
  })
  return JSON.stringify(outputFiles[0].text.trim())
}
