import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Served, serve } from './served.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

interface Packed {
  readonly manifest: Manifest
  /** Made when it is first asked for. */
  readonly tarball: () => Buffer
}

/** A package of the test's own; its files beside `package.json`. */
export function ownPackage(manifest: Manifest, files: Readonly<Record<string, string>>): Packed {
  return {
    manifest,
    tarball: once(() => {
      const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-package-'))
      try {
        for (const [name, text] of Object.entries({ ...files, 'package.json': JSON.stringify(manifest) }))
          fs.writeFileSync(path.join(dir, name), text)
        return packed(dir)
      } finally {
        fs.rmSync(dir, { recursive: true })
      }
    }),
  }
}

/** Every package that lies in this `node_modules`, those of packages too. */
export function installedPackages(modules: string): Packed[] {
  if (!fs.existsSync(modules)) return []
  const dirs = fs.readdirSync(modules).flatMap((name) => {
    const dir = path.join(modules, name)
    return name.startsWith('@') ? fs.readdirSync(dir).map((one) => path.join(dir, one)) : [dir]
  })
  return dirs.flatMap((dir) => {
    const file = path.join(dir, 'package.json')
    if (!fs.existsSync(file)) return []
    const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as Manifest
    return [
      { manifest, tarball: once(() => packed(dir)) },
      ...installedPackages(path.join(dir, 'node_modules')),
    ]
  })
}

/** A registry of npm with these packages, and nothing of what other packages are optional. */
export function npmRegistry(packages: readonly Packed[], token: string | null = null): Promise<Served> {
  const names = new Set(packages.map(({ manifest }) => manifest.name))
  return serve((asked, port) => {
    const [, scoped = '', file] = /^\/((?:@[^/]+\/)?[^/]+)(?:\/-\/(.+))?$/.exec(asked) ?? []
    const all = packages.filter(({ manifest }) => manifest.name === scoped)
    if (all.length === 0) return null
    if (file !== undefined) {
      const one = all.find(({ manifest }) => fileOf(manifest) === file)
      return one === undefined ? null : { type: 'application/octet-stream', body: one.tarball() }
    }
    const versions = all.map(({ manifest, tarball }) => [
      manifest.version,
      {
        ...manifest,
        optionalDependencies: Object.fromEntries(
          Object.entries(manifest['optionalDependencies'] ?? {}).filter(([name]) => names.has(name)),
        ),
        hasInstallScript: ['preinstall', 'install', 'postinstall'].some(
          (script) => manifest.scripts?.[script] !== undefined,
        ),
        dist: {
          tarball: `http://127.0.0.1:${port}/${scoped}/-/${fileOf(manifest)}`,
          integrity: `sha512-${createHash('sha512').update(tarball()).digest('base64')}`,
        },
      },
    ])
    const latest = all.at(-1)?.manifest.version
    const packument = { name: scoped, 'dist-tags': { latest }, versions: Object.fromEntries(versions) }
    return { type: 'application/json', body: JSON.stringify(packument) }
  }, token)
}

/** As registries name it: pnpm asks for it without asking where it is. */
const fileOf = ({ name, version }: Manifest): string => `${path.posix.basename(name)}-${version}.tgz`

/** As `npm pack` does, without what lies in its own `node_modules`. The same content has the same bytes. */
function packed(dir: string): Buffer {
  const flags = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner']
  const shape = ['--exclude=./node_modules', '--transform=s,^\\.,package,']
  return execFileSync('tar', ['-cz', ...flags, ...shape, '-C', dir, '.'], { maxBuffer: 1 << 28 })
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => (made ??= { value: make() }).value
}
