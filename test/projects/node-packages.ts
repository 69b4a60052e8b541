import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { projectRoot } from '../rig/root.ts'

type Packages = Readonly<Record<string, string>>

/** Fills `node_modules` of a project. Copies, never links: what is tested may write in them. */
export function installPackages(root: string, packages: Packages): void {
  const [from, names] = isOurs(packages)
    ? [path.join(projectRoot, 'node_modules'), closure(Object.keys(packages))]
    : [path.join(fetched(packages), 'node_modules'), null]
  const to = path.join(root, 'node_modules')
  const all = names ?? fs.readdirSync(from)
  for (const name of all)
    fs.cpSync(path.join(from, name), path.join(to, name), { recursive: true, verbatimSymlinks: true })
  if (names !== null) linkPrograms(to, names)
}

/** A directory of programs from npm, for PATH. */
export function toolDirectory(tools: Packages): string {
  return path.join(fetched(tools), 'node_modules/.bin')
}

/** What these packages need of our own node_modules, themselves included. */
function closure(names: readonly string[]): string[] {
  const seen = new Set<string>()
  const open = [...names]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const file = path.join(projectRoot, 'node_modules', name, 'package.json')
    if (seen.has(name) || !fs.existsSync(file)) continue
    seen.add(name)
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest(file)
    open.push(...Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
    // A package in another's own node_modules needs packages of the top too.
    for (const inner of nested(path.dirname(file)))
      open.push(...Object.keys(manifest(inner).dependencies ?? {}))
  }
  return [...seen]
}

function nested(dir: string): string[] {
  const below = path.join(dir, 'node_modules')
  if (!fs.existsSync(below)) return []
  return fs
    .readdirSync(below)
    .flatMap((name) =>
      name.startsWith('@') ? fs.readdirSync(path.join(below, name)).map((one) => `${name}/${one}`) : [name],
    )
    .map((name) => path.join(below, name, 'package.json'))
    .filter((file) => fs.existsSync(file))
}

function linkPrograms(modules: string, names: readonly string[]): void {
  fs.mkdirSync(path.join(modules, '.bin'), { recursive: true })
  for (const name of names) {
    const { bin = {} } = manifest(path.join(modules, name, 'package.json'))
    const programs = typeof bin === 'string' ? { [path.basename(name)]: bin } : bin
    for (const [program, file] of Object.entries(programs))
      if (!fs.existsSync(path.join(modules, '.bin', program)))
        fs.symlinkSync(path.join('..', name, file), path.join(modules, '.bin', program))
  }
}

interface Manifest {
  readonly version: string
  readonly bin?: string | Packages
  readonly dependencies?: Packages
  readonly optionalDependencies?: Packages
  readonly peerDependencies?: Packages
}

const manifest = (file: string): Manifest => JSON.parse(fs.readFileSync(file, 'utf8')) as Manifest

export function isOurs(packages: Packages): boolean {
  return Object.entries(packages).every(([name, version]) => {
    const file = path.join(projectRoot, 'node_modules', name, 'package.json')
    return fs.existsSync(file) && manifest(file).version === version
  })
}

/** Fetched by npm once on this machine, in a directory of ours beside other caches. */
export function fetched(packages: Packages): string {
  const words = Object.entries(packages).map(([name, version]) => `${name}@${version}`)
  const key = createHash('sha256')
    .update(`${process.version} ${words.join(' ')}`)
    .digest('hex')
    .slice(0, 16)
  const dir = path.join(os.homedir(), '.cache/autonomous-loop-projects', key)
  if (fs.existsSync(path.join(dir, 'complete'))) return dir
  fs.rmSync(dir, { recursive: true, force: true })
  fs.mkdirSync(dir, { recursive: true })
  fs.writeFileSync(path.join(dir, 'package.json'), '{"private": true}')
  execFileSync('npm', ['install', '--save-exact', '--no-audit', '--no-fund', ...words], {
    cwd: dir,
    stdio: 'pipe',
  })
  fs.writeFileSync(path.join(dir, 'complete'), '')
  return dir
}
