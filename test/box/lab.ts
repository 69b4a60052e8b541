import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { isWithin } from '../../src/base/within.ts'
import { EMPTIED } from '../../src/box/shown.ts'
import type { GateResult } from '../../src/gates/types.ts'
import { codexBinary } from '../rig/binaries.ts'
import { projectRoot } from '../rig/root.ts'
import { onMachines } from '../rig/machines.ts'
import { bundle } from '../gates/rig.ts'
import type { Job } from './job.ts'
import { long } from '../rig/long.ts'

export const ordinary = 65_534

/** Who the gate's person can be: whoever runs the tests, and as root an ordinary user too. */
export const people: readonly (readonly [string, number | null])[] = [
  ['whoever runs this', null],
  ...(process.getuid?.() === 0 ? [['an ordinary user', ordinary] as const] : []),
]

/** Those that the gate plays: the one who has fewer rights. The long form plays all. */
export const peopleHere = long ? people : people.slice(-1)

/** Below a directory that all can enter, outside the temp directory; with a Codex and a node that all can run. */
export interface BoxLab {
  readonly dir: string
  run(job: Omit<Job, 'dir' | 'codexBin'>): GateResult
  /** The packages of this project where everybody may read them: its clone can lie in a directory that is closed to others. */
  packages(): string
  /** What a program of one of our sources prints, as the lab's person. */
  start(source: string, role: string, what: object): string
  remove(): void
}

export function makeBoxLab(uid: number | null): BoxLab {
  const parent = uid === null ? os.homedir() : '/srv'
  const dir = fs.mkdtempSync(path.join(parent, '.autoloop-box-'))
  const at = (name: string): string => path.join(dir, name)
  for (const name of [
    'repo/.git',
    'user',
    'state/sandbox-home',
    'codex/bin',
    'codex/codex-resources',
    'node',
  ])
    fs.mkdirSync(at(name), { recursive: true })
  const codex = codexBinary()
  const bwrap = path.join(path.dirname(codex), '../codex-resources/bwrap')
  const node = uid === null ? process.execPath : linked(fs.realpathSync(process.execPath), at('node/node'))
  linked(codex, at('codex/bin/codex'))
  linked(bwrap, at('codex/codex-resources/bwrap'))
  fs.copyFileSync(path.join(projectRoot, 'test/box/probe.py'), at('repo/probe.py'))
  fs.writeFileSync(at('secret'), 'secret')
  const program = bundle({ dir } as Parameters<typeof bundle>[0], 'test/box/job.ts')
  if (uid !== null) {
    fs.chmodSync(dir, 0o755)
    for (const name of ['repo', 'repo/.git', 'user', 'state', 'state/sandbox-home', 'secret'])
      fs.chownSync(at(name), uid, uid)
  }
  return {
    dir,
    run: (job) => {
      const secret = fs.openSync(at('secret'), 'r')
      // A key in a session keyring of its own, which what is started from there inherits, then the stand-in for the hook.
      const calls = process.arch === 'x64' ? [248, 250] : [217, 219]
      const start = `import ctypes,os,sys
libc=ctypes.CDLL(None)
libc.syscall(${calls[1]},1,None)
libc.syscall(${calls[0]},b"user",b"autoloop-secret",b"secret",6,-3)
os.execv(sys.argv[1],sys.argv[1:])`
      const what = JSON.stringify({ ...job, dir, codexBin: at('codex/bin/codex') })
      const argv = ['/usr/bin/python3', '-c', start, node, program, what]
      const [file = '', ...args] = onMachines(
        job.machines ?? [],
        { codexBin: at('codex/bin/codex'), kept: dir },
        argv,
      )
      const ran = spawnSync(file, args, {
        cwd: at('repo'),
        env: { PATH: '/usr/bin:/bin', HOME: at('user') },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe', 'ignore', 'ignore', secret],
        ...(uid === null ? {} : { uid, gid: uid }),
      })
      fs.closeSync(secret)
      if (ran.stdout === '') throw new Error(`nothing came of it: ${ran.stderr} ${ran.error?.message ?? ''}`)
      return JSON.parse(ran.stdout) as GateResult
    },
    packages: () => {
      // A clone in the temp directory is not seen in the box.
      if (uid === null && !EMPTIED.some((emptied) => isWithin(projectRoot, emptied)))
        return path.join(projectRoot, 'node_modules')
      const to = at('packages/node_modules')
      fs.mkdirSync(to, { recursive: true })
      const from = path.join(projectRoot, 'node_modules')
      const all = fs.readdirSync(from).filter((name) => !/^@openai$|^codex-/.test(name))
      const copied = spawnSync('cp', ['-al', ...all, to], { cwd: from })
      // Another file system has no links to these.
      if (copied.status !== 0) spawnSync('cp', ['-a', ...all, to], { cwd: from })
      return to
    },
    start: (source, role, what) => {
      const text = JSON.stringify({ ...what, dir, codexBin: at('codex/bin/codex') })
      const ran = spawnSync(node, [bundle({ dir } as Parameters<typeof bundle>[0], source), role, text], {
        cwd: at('repo'),
        env: { PATH: '/usr/bin:/bin', HOME: at('user') },
        encoding: 'utf8',
        ...(uid === null ? {} : { uid, gid: uid }),
      })
      if (ran.status !== 0) throw new Error(`it ended with ${ran.status ?? ran.signal}: ${ran.stderr}`)
      return ran.stdout
    },
    remove: () => fs.rmSync(dir, { recursive: true, force: true }),
  }
}

function linked(file: string, to: string): string {
  try {
    fs.linkSync(file, to)
  } catch {
    fs.copyFileSync(file, to)
  }
  return to
}
