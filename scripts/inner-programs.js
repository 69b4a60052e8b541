// Programs that are text in a bundle, for whoever bundles: each is started in a process or a thread of its own.
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { buildSync } from 'esbuild'

const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/** The guard of the deadline, which node is given as `-e`. What `define` of a bundler needs. */
export function guardDefine() {
  return { GUARD_PROGRAM: programText('src/hooks/guard.ts', 'esm') }
}

/** The thread that copies a part of a tree. */
export function copyDefine() {
  return { COPY_PROGRAM: programText('src/workspace/room/copy-worker.ts', 'cjs') }
}

/** What the fold of a batch is made of, as one digest: a checkpoint of another fold is not read. */
export function foldDefine() {
  const dir = path.join(top, 'src/supervisor/record')
  const hash = createHash('sha256')
  for (const name of readdirSync(dir).toSorted()) hash.update(readFileSync(path.join(dir, name)))
  return { BATCH_FOLD: JSON.stringify(hash.digest('hex').slice(0, 16)) }
}

function programText(entry, format) {
  const { outputFiles } = buildSync({
    absWorkingDir: top,
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
