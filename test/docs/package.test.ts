import fs from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { build } from 'esbuild'
import { projectRoot } from '../rig/binaries.ts'

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}
const manifest = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as Manifest
const shipped = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
const all = [...shipped, ...Object.keys(manifest.devDependencies)]

/** `file: package` for every package that our files below these directories import; a path inside the package does not count. */
async function imports(dirs: readonly string[]): Promise<string[]> {
  const entryPoints = dirs.flatMap((dir) =>
    fs
      .readdirSync(path.join(projectRoot, dir), { recursive: true, encoding: 'utf8' })
      .flatMap((name) => (/\.(?:ts|js|cjs)$/.test(name) ? [path.join(dir, name)] : [])),
  )
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: 'nowhere',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  return Object.entries(metafile.inputs).flatMap(([file, input]) =>
    input.imports.flatMap((one) =>
      one.external === true && !/^(?:node:|<)/.test(one.path)
        ? [`${file}: ${one.path.split('/', one.path.startsWith('@') ? 2 : 1).join('/')}`]
        : [],
    ),
  )
}
const packageOf = (found: string): string => found.split(': ')[1] ?? ''

// A package that others happen to bring along is there in one working copy and missing in the next clone.
describe('every package that is imported is one of ours', () => {
  let found: string[] = []
  beforeAll(async () => {
    found = await imports(['src', 'test', 'scripts'])
  })

  test.each([
    ['src', shipped],
    ['test', all],
    ['scripts', all],
  ] as const)('%s', (dir, allowed) => {
    const here = found.filter((one) => one.startsWith(`${dir}/`))
    expect(here.length).toBeGreaterThan(0)
    expect(here.filter((one) => !allowed.includes(packageOf(one)))).toEqual([])
  })

  // node-pty is loaded from the home, where bootstrap copies it.
  test('and every dependency is imported by what ships', () => {
    const used = found.filter((one) => one.startsWith('src/')).map(packageOf)
    expect(Object.keys(manifest.dependencies).filter((name) => !used.includes(name))).toEqual([])
  })
})
