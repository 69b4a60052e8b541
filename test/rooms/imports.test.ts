import { describe, expect, test } from '@jest/globals'
import { buildSync } from 'esbuild'
import { circles, filesBelow, importsIn, readImports } from '../../scripts/imports.js'
import { lanes } from '../../scripts/lanes.js'
import { projectRoot } from '../rig/root.ts'

describe('imports', () => {
  test.each<[string, { from: string; typesOnly: boolean }[]]>([
    ["import { a } from './a.ts'", [{ from: './a.ts', typesOnly: false }]],
    ["import a, { type B } from './a.ts'", [{ from: './a.ts', typesOnly: false }]],
    ["import type { A } from './a.ts'", [{ from: './a.ts', typesOnly: true }]],
    ["import {\n  type A,\n  type B,\n} from './a.ts'", [{ from: './a.ts', typesOnly: false }]],
    ["import type {\n  A,\n  B,\n} from './a.ts'", [{ from: './a.ts', typesOnly: true }]],
    ["import { type A, b } from './a.ts'", [{ from: './a.ts', typesOnly: false }]],
    ["import * as a from './a.ts'", [{ from: './a.ts', typesOnly: false }]],
    ["import './a.ts'", [{ from: './a.ts', typesOnly: false }]],
    ["export * from './a.ts'", [{ from: './a.ts', typesOnly: false }]],
    ["export type { A } from './a.ts'", [{ from: './a.ts', typesOnly: true }]],
    ["const a = () => import('./a.ts').then(b)", [{ from: './a.ts', typesOnly: false }]],
    ["export const from = 'a'\nexport function f(from: string) { return 'from' }", []],
    ["// import { a } from './a.ts'\n * import { a } from './a.ts'", []],
  ])('%s', (text, found) => expect(importsIn(text)).toEqual(found))

  test('of values are those that the bundler finds', () => {
    const files = filesBelow(projectRoot, 'src')
    const { metafile } = buildSync({
      absWorkingDir: projectRoot,
      entryPoints: files,
      outdir: 'never-written',
      bundle: true,
      splitting: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      write: false,
      metafile: true,
      logLevel: 'silent',
    })
    const sorted = (paths: readonly string[]): string[] =>
      [...new Set(paths)].sort((a, b) => (a < b ? -1 : 1))
    const ours = [...readImports(projectRoot, files)].map(([file, { imports }]) => [
      file,
      sorted(imports.flatMap(({ to, typesOnly }) => (to === null || typesOnly ? [] : [to]))),
    ])
    const theirs = files.map((file) => [
      file,
      sorted(metafile.inputs[file]?.imports.flatMap((one) => (one.external ? [] : [one.path])) ?? []),
    ])
    expect(ours).toEqual(theirs)
  })
})

test('circles are found, and only those', () => {
  const next = new Map(
    Object.entries({ a: ['b'], b: ['c'], c: ['a', 'd'], d: ['e'], e: [], f: ['f'] }).map(([from, to]) => [
      from,
      new Set(to),
    ]),
  )
  expect(circles(next).map((group) => group.sort())).toEqual([['a', 'b', 'c'], ['f']])
})

test('a test is in the lane of Codex because it imports what knows where one is', () => {
  const { codex, fast, long } = lanes(projectRoot)
  expect(codex).toEqual(expect.arrayContaining(['test/heart/release.test.ts', 'test/gates/run-gate.test.ts']))
  expect(fast).toEqual(
    expect.arrayContaining([
      'test/ledger/chain.test.ts',
      'test/hooks/stop.test.ts',
      'test/faults/crash.test.ts',
    ]),
  )
  expect(long).toEqual(
    expect.arrayContaining([
      'test/ledger/chain.test.ts',
      'test/fuzz/pins.test.ts',
      'test/shim/start.test.ts',
    ]),
  )
  expect(long).not.toContain('test/heart/node-moved.test.ts')
})
