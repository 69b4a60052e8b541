// A repository of a shape in a bench's world: set up and approved as a person would, with what its gates need installed.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { packagesFor, programOf, write } from '../shapes/fetched.js'
import { startRegistry } from './registry.js'

/** The gate that keeps a run open while its tests pass, as long as the file `hold` of its shape is there. */
export const HELD = 'held'
const PNPM = 'pnpm@10.11.0'

/** Directories for PATH: programs of npm, and those of Rust itself, whose stand-ins want the person's home. */
export function toolDirectories() {
  const sysroot = spawnSync('rustc', ['--print', 'sysroot'], { encoding: 'utf8' })
  return [programOf(PNPM), ...(sysroot.status === 0 ? [path.join(sysroot.stdout.trim(), 'bin')] : [])]
}

/** The first program that is not there; undefined when all are. */
export function missingOf({ programs = [] }, { PATH }) {
  return programs.find((name) => spawnSync('which', [name], { env: { PATH } }).status !== 0)
}

/** Calls `use` with its root. The registry of its packages is there as long. */
export async function withShaped(world, shape, use) {
  if (!shape.packages) return use(shapedRepo(world, shape))
  const { lock, text, dir } = packagesFor(shape.packages, shape.files, world.env.PATH)
  const registry = await startRegistry(dir)
  try {
    const npmrc = `registry=${registry.url}\nupdate-notifier=false\n`
    return await use(shapedRepo(world, shape, { [lock]: text, '.npmrc': npmrc }))
  } finally {
    registry.close()
  }
}

function shapedRepo(world, shape, more = {}) {
  const repo = path.join(world.dir, shape.name.replaceAll(' ', '-'))
  write(repo, { ...shape.files, ...more })
  write(repo, { '.codex/autoloop.project.json': JSON.stringify(configOf(shape)) })
  world.git(repo, 'init', '-q')
  for (const argv of shape.person ?? []) typed(world, repo, argv)
  world.git(repo, 'add', '-A')
  world.git(repo, 'commit', '-q', '-m', 'start')
  world.cli(['allow', '--repo', repo])
  return repo
}

function configOf({ gates, prepare, packages, keeps, hold: [hold] }) {
  const commands = Object.fromEntries(
    Object.entries(gates).map(([name, argv]) => [name, { argv, ...(keeps ? { keeps } : {}) }]),
  )
  const steps = packages ? prepare.map((argv) => ({ argv, network: 'full' })) : prepare
  return {
    version: 2,
    commands: { [HELD]: { argv: ['/usr/bin/test', '!', '-e', hold] }, ...commands },
    gateProfiles: { fast: [], default: [], final: [HELD, ...Object.keys(gates)] },
    policy: { verify: 'clean-room' },
    ...(steps.length > 0 ? { prepare: steps } : {}),
  }
}

/** Milliseconds of these commands, one after another, as a person types them. */
export function typed(world, cwd, ...commands) {
  const begin = process.hrtime.bigint()
  for (const [file, ...args] of commands) {
    const ran = spawnSync(file, args, { cwd, env: world.env, encoding: 'utf8', maxBuffer: 1 << 28 })
    if (ran.status !== 0)
      throw new Error(`${file} ${args.join(' ')}: ${ran.error ?? ran.stdout + ran.stderr}`)
  }
  return Number(process.hrtime.bigint() - begin) / 1e6
}

/** MB below a directory, by what it takes of the disk. */
export function megabytes(dir) {
  if (!fs.existsSync(dir)) return 0
  return Number(spawnSync('du', ['-sm', dir], { encoding: 'utf8' }).stdout.split('\t')[0])
}
