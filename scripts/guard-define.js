// The text of the guard of the deadline: src/hooks/guard.ts as one small program, for whoever bundles the hook.
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { buildSync } from 'esbuild'

/** What `define` of a bundler needs. */
export function guardDefine() {
  const { outputFiles } = buildSync({
    absWorkingDir: path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..'),
    entryPoints: ['src/hooks/guard.ts'],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    write: false,
    logLevel: 'warning',
  })
  return { GUARD_PROGRAM: JSON.stringify(outputFiles[0].text.trim()) }
}
