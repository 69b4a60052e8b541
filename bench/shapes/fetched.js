// Packages of npm, fetched once on this machine into a cache beside others; what is measured asks a registry on loopback.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'

const all = path.join(os.homedir(), '.cache', 'autonomous-loop-bench')

const npm = ['npm', 'install', '--no-audit', '--no-fund']

/** How a lock file is made of manifests, and what it lists: of each package its manifest and its integrity. */
const managers = {
  npm: {
    lock: 'package-lock.json',
    // Where packages come from is the registry's to say: each time the bench runs, it has another port.
    argv: [...npm, '--package-lock-only', '--omit-lockfile-registry-resolved=true'],
    listed: (text) =>
      Object.entries(JSON.parse(text).packages)
        .filter(([place]) => place.includes('node_modules/'))
        .map(([place, { integrity, ...rest }]) => ({
          manifest: { name: place.split('node_modules/').at(-1), ...rest },
          integrity,
        })),
  },
  pnpm: {
    lock: 'pnpm-lock.yaml',
    argv: ['pnpm', 'install', '--lockfile-only'],
    listed: (text) =>
      Object.entries(parse(text).packages).map(([words, { resolution, ...rest }]) => {
        const at = words.lastIndexOf('@')
        return {
          manifest: { name: words.slice(0, at), version: words.slice(at + 1), ...rest },
          integrity: resolution.integrity,
        }
      }),
  },
}

/** A directory for PATH with this program of npm. */
export function programOf(word) {
  const dir = once([word], (to) => {
    fs.writeFileSync(path.join(to, 'package.json'), '{"private": true}')
    run([...npm, word], to)
  })
  return path.join(dir, 'node_modules', '.bin')
}

/** Gives the lock file's name and text, and the directory of what was fetched, for `fetchedPackages`. */
export function packagesFor(manager, files, PATH) {
  const { lock, argv, listed } = managers[manager]
  const manifests = Object.entries(files).filter(([name]) =>
    /(?:package\.json|pnpm-workspace\.yaml)$/.test(name),
  )
  const dir = once(['to be served', argv, manifests], (to) => {
    write(to, Object.fromEntries(manifests))
    run(argv, to, PATH)
    const packages = listed(fs.readFileSync(path.join(to, lock), 'utf8')).filter(fitsHere)
    write(to, { [LIST]: JSON.stringify(packages) })
    const words = packages.map(({ manifest: { name, version } }) => `${name}@${version}`)
    for (let at = 0; at < words.length; at += 50)
      run(['npm', 'cache', 'add', '--cache', path.join(to, STORE), ...words.slice(at, at + 50)], to)
  })
  return { lock, text: fs.readFileSync(path.join(dir, lock), 'utf8'), dir }
}

const LIST = 'packages.json'
const STORE = 'store'

/** What a registry serves of such a directory: the bytes that npm fetched. */
export function fetchedPackages(dir) {
  return JSON.parse(fs.readFileSync(path.join(dir, LIST), 'utf8')).map(({ manifest, integrity }) => {
    const [algorithm, hash] = integrity.split('-')
    const hex = Buffer.from(hash, 'base64').toString('hex')
    const place = ['_cacache/content-v2', algorithm, hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)]
    return { manifest, tarball: () => fs.readFileSync(path.join(dir, STORE, ...place)) }
  })
}

/** Optional packages of other machines are listed, too, and nobody asks for them here. */
function fitsHere({ manifest: { os: systems, cpu } }) {
  const fits = (words, own) =>
    words === undefined ||
    words.includes(own) ||
    (words.every((word) => word.startsWith('!')) && !words.includes(`!${own}`))
  return fits(systems, process.platform) && fits(cpu, process.arch)
}

export function write(dir, files) {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true })
    fs.writeFileSync(path.join(dir, name), text)
  }
}

function once(key, make) {
  const name = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 16)
  const dir = path.join(all, name)
  if (fs.existsSync(path.join(dir, 'complete'))) return dir
  fs.rmSync(dir, { recursive: true, force: true })
  fs.mkdirSync(dir, { recursive: true })
  make(dir)
  fs.writeFileSync(path.join(dir, 'complete'), '')
  return dir
}

function run([file, ...args], cwd, PATH = process.env.PATH) {
  execFileSync(file, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, PATH } })
}
