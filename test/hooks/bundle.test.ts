import fs from 'node:fs'
import { expect, test } from '@jest/globals'
import { build } from 'esbuild'

/** Bytes; a little above what they are. Whatever raises them makes every stop on every machine slower (the last two: those that ask for them): look what came in. */
const most = {
  'hook.cjs': 2_500,
  'hook.main.cjs': 114_000,
  'hook.judge.cjs': 569_500,
  'hook.formats.cjs': 200_000,
}

test.each(Object.entries(most))('%s stays small', (name, bytes) => {
  expect(fs.statSync(`dist/${name}`).size).toBeLessThan(bytes)
})

/** What only the command line and the setup need. */
const foreign = [
  /node_modules\/yargs/,
  /node_modules\/(?:fast-glob|micromatch)\//,
  /node_modules\/(?:jsonc-parser|smol-toml|yaml)\//,
  /node_modules\/zod\/v4\/(?:classic|locales)\/(?!en\.)/,
  /src\/cli\//,
  /src\/(?:setup|detect|doctor|prove|views)\//,
  /src\/codex\/(?:app-server|hooks-file|trust)/,
]

/** What only whoever looks at a workspace needs. */
const judging = [
  /src\/(?:judging|workspace)\//,
  /src\/gates\/(?!environment)/,
  /src\/evidence\/git\/(?!repo|run)/,
  /src\/definition\/(?!config-text)/,
]

test.each([
  ['src/hooks/entry.ts', 'src/hooks/stop.ts', [...foreign, ...judging]],
  ['src/hooks/whole.ts', 'src/judging/judge.ts', foreign],
])('nothing foreign is in %s', async (entry, known, unwanted) => {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['node-pty', './engine.ts', './formats.ts'],
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const [output] = Object.values(metafile.outputs)
  const inputs = Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [file] : [],
  )
  expect(inputs).toContain(known)
  expect(inputs.filter((file) => unwanted.some((pattern) => pattern.test(file)))).toEqual([])
})
