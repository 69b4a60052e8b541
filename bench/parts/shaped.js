// A repository of a shape in a bench's world: set up and approved as a person would, with what its gates need installed.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { packagesFor, programOf, write } from '../shapes/fetched.js'

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

/** Gives its root. */
export function shapedRepo(world, shape) {
  const repo = path.join(world.dir, shape.name.replaceAll(' ', '-'))
  const lock = shape.packages ? packagesFor(world.env.HOME, shape.packages, shape.files, world.env.PATH) : []
  write(repo, { ...shape.files, ...(lock.length > 0 ? { [lock[0]]: lock[1] } : {}) })
  write(repo, { '.codex/autoloop.project.json': JSON.stringify(configOf(shape)) })
  world.git(repo, 'init', '-q')
  for (const argv of shape.person ?? []) typed(world, repo, argv)
  world.git(repo, 'add', '-A')
  world.git(repo, 'commit', '-q', '-m', 'start')
  world.cli(['allow', '--repo', repo])
  return repo
}

function configOf({ gates, prepare, keeps, hold: [hold] }) {
  const commands = Object.fromEntries(
    Object.entries(gates).map(([name, argv]) => [name, { argv, ...(keeps ? { keeps } : {}) }]),
  )
  return {
    version: 2,
    commands: { [HELD]: { argv: ['/usr/bin/test', '!', '-e', hold] }, ...commands },
    gateProfiles: { fast: [], default: [], final: [HELD, ...Object.keys(gates)] },
    policy: { verify: 'clean-room' },
    ...(prepare.length > 0 ? { prepare } : {}),
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
