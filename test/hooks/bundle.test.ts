import fs from 'node:fs'
import { expect, test } from '@jest/globals'
import { build } from 'esbuild'

/** Bytes; a little above what it is. Whatever raises it makes every stop on every machine slower: look what came in. */
const mostMain = 338_000
const mostStarter = 2500

test('the built hook stays small', () => {
  expect(fs.statSync('dist/hook.main.cjs').size).toBeLessThan(mostMain)
  expect(fs.statSync('dist/hook.cjs').size).toBeLessThan(mostStarter)
})

/** What only the command line and the setup need. */
const foreign = [
  /node_modules\/yargs/,
  /node_modules\/(?:fast-glob|micromatch)\//,
  /node_modules\/jsonc-parser\//,
  /node_modules\/zod\/v4\/(?:classic|locales)\/(?!en\.)/,
  /src\/cli\//,
  /src\/setup\//,
  /src\/codex\/(?:app-server|scripted-model|model-|hooks-|trust)/,
]

test('nothing of the command line is in the hook', async () => {
  const { metafile } = await build({
    entryPoints: ['src/hooks/entry.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['node-pty'],
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const [output] = Object.values(metafile.outputs)
  const inputs = Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [file] : [],
  )
  expect(inputs).toContain('src/hooks/stop.ts')
  expect(inputs.filter((file) => foreign.some((pattern) => pattern.test(file)))).toEqual([])
})
