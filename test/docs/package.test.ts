import fs from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { build } from 'esbuild'
import { projectRoot } from '../rig/root.ts'

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}
const manifest = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as Manifest
const all = Object.keys({ ...manifest.optionalDependencies, ...manifest.devDependencies })

/** `file: package` for every package that our files below these directories import; a path inside the package does not count. */
async function imports(dirs: readonly string[]): Promise<string[]> {
  const entryPoints = dirs.flatMap((dir) =>
    fs
      .readdirSync(path.join(projectRoot, dir), { recursive: true, encoding: 'utf8' })
      .flatMap((name) =>
        /\.(?:ts|js|cjs)$/.test(name) && !name.endsWith('.d.ts') ? [path.join(dir, name)] : [],
      ),
  )
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: 'nowhere',
    // Else each of them would hold all that it imports, and all of them together the square of that.
    splitting: true,
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

  test.each(['src', 'test', 'scripts'])('%s', (dir) => {
    const here = found.filter((one) => one.startsWith(`${dir}/`))
    expect(here.length).toBeGreaterThan(0)
    expect(here.filter((one) => !all.includes(packageOf(one)))).toEqual([])
  })

  // Everything is bundled, so an installed package brings nothing along; node-pty is copied into the home by bootstrap.
  test('nothing but node itself is looked up when it runs', async () => {
    const outside = new Set<string>()
    const dir = path.join(projectRoot, 'dist')
    const files = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' })
    const code = files.filter((name) => /\.c?js$/.test(name)).map((name) => path.join(dir, name))
    const { metafile } = await build({
      entryPoints: code,
      bundle: true,
      packages: 'external',
      // What the starter of the hooks answers with a file beside it (src/hooks/boot.ts).
      external: ['./engine.ts', './formats.ts'],
      platform: 'node',
      format: 'esm',
      outdir: 'nowhere',
      write: false,
      metafile: true,
      logLevel: 'silent',
    })
    for (const input of Object.values(metafile.inputs))
      for (const one of input.imports)
        if (one.external === true && !/^(?:node:|<)/.test(one.path) && !builtinModules.includes(one.path))
          outside.add(one.path)
    expect(code.length).toBeGreaterThan(5)
    expect(
      [...outside].filter((name) => !['node-pty', './engine.ts', './formats.ts'].includes(name)),
    ).toEqual([])
    expect(manifest.dependencies).toBeUndefined()
  })

  test('the licences of what is bundled are shipped', () => {
    const notices = fs.readFileSync(path.join(projectRoot, 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8')
    for (const name of ['zod', 'yargs', 'picomatch', 'write-file-atomic', 'jsonc-parser', 'yaml'])
      expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'))
  })
})
