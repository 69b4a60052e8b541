// Packages of npm, fetched once on this machine into a cache beside others; what is measured has no network.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const all = path.join(os.homedir(), '.cache', 'autonomous-loop-bench')

const npm = ['npm', 'install', '--no-audit', '--no-fund']

/** Where each keeps what it fetched, below a home; and how a lock file is made of manifests. */
const managers = {
  npm: {
    store: '.npm',
    lock: 'package-lock.json',
    // A lock file that leaves out where packages come from needs the registry again.
    argv: (store) => [
      ...npm,
      '--ignore-scripts',
      '--omit-lockfile-registry-resolved=false',
      '--cache',
      store,
    ],
  },
  pnpm: {
    store: '.local/share/pnpm/store',
    lock: 'pnpm-lock.yaml',
    argv: (store) => ['pnpm', 'install', '--ignore-scripts', '--store-dir', store],
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

/** Gives the lock file's name and text, and links what was fetched into a home, where the manager looks for it. */
export function packagesFor(home, manager, files, PATH) {
  const { store, lock, argv } = managers[manager]
  const manifests = Object.entries(files).filter(([name]) =>
    /(?:package\.json|pnpm-workspace\.yaml)$/.test(name),
  )
  const dir = once([manager, manifests], (to) => {
    write(to, Object.fromEntries(manifests))
    run(argv(path.join(to, 'store')), to, PATH)
    fs.rmSync(path.join(to, 'node_modules'), { recursive: true, force: true })
  })
  const place = path.join(home, store)
  fs.mkdirSync(place, { recursive: true })
  execFileSync('cp', ['-al', `${path.join(dir, 'store')}/.`, place])
  return [lock, fs.readFileSync(path.join(dir, lock), 'utf8')]
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
