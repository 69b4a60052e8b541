import fs from 'node:fs'
import path from 'node:path'
import { boxed, grantedNetwork } from '../../src/box/boxed.ts'
import { tryEverything } from '../../src/box/preflight/inside.ts'
import { tryBoxFrom } from '../../src/box/preflight/outside.ts'
import type { Places } from '../../src/box/preflight/places.ts'
import { plant } from '../../src/box/preflight/plant.ts'
import { type Standing, standing } from '../../src/box/rungs.ts'
import { sandboxLaunch } from '../../src/codex/sandbox/launch.ts'
import type { Launcher } from '../../src/gates/types.ts'

/** The product's preflight as a program of one file, so that it can be another user's, and with walls taken away. */
export interface PreflightJob {
  readonly dir: string
  readonly codexBin: string
  readonly wall: Wall
}

/** `box` and the rungs below it as they are; the others lack something. */
export type Wall =
  | 'box'
  | 'box-no-unix'
  | 'codex-only'
  | 'no overlays'
  | 'no filter'
  | 'no box'
  | 'a descriptor'

const [role = '', text = ''] = process.argv.slice(2)

async function main(): Promise<void> {
  if (role === 'probe') return print(await tryEverything(JSON.parse(text) as Places))
  const job = JSON.parse(text) as PreflightJob
  const at = (name: string): string => path.join(job.dir, name)
  const self = [process.execPath, process.argv[1] ?? '']
  const vars = { PATH: '/usr/bin:/bin', HOME: at('user') }
  if (role === 'plant') return print(plant([...self, 'host', text], { home: at('state'), vars }))
  const found = await tryBoxFrom({
    root: at('repo'),
    launch: behind(job, at),
    shared: at('state/sandbox-home'),
    probe: [...self, 'probe'],
    vars: { ...process.env, ...vars },
  })
  print(found)
}

function behind(job: PreflightJob, at: (name: string) => string): Launcher {
  const { wall } = job
  const whole = standing({ codexBin: job.codexBin, dir: at('state/sandbox-home/box') })
  const on = standingFor(wall, whole, at('state/sandbox-home/box'))
  return (start) => {
    if (wall === 'no box') return { ok: true, value: { ...start, sandboxed: false } }
    if (wall === 'a descriptor')
      return { ok: true, value: { ...leaking(start.argv), env: start.env, sandboxed: false } }
    const launch = sandboxLaunch({
      codexBin: job.codexBin,
      sandboxCodexHome: at('state/sandbox-home'),
      root: at('repo'),
      argv: start.argv,
      env: start.env,
      writable: [],
      protectedDirs: [at('state')],
      network: grantedNetwork(on, 'loopback') !== 'none',
    })
    if (!launch.ok) return launch
    const kept = [...launch.value.writable, at('state/sandbox-home')]
    return { ok: true, value: boxed(launch.value, on, { network: 'loopback', kept }) }
  }
}

function standingFor(wall: Wall, whole: Standing, dir: string): Standing {
  if (whole.granted === null || wall === 'codex-only')
    return { rung: 'codex-only', granted: null, why: 'as if' }
  const { granted } = whole
  const noUnix = path.join(dir, 'filter-no-unix.bpf')
  if (wall === 'box-no-unix')
    return { rung: wall, granted: { ...granted, filter: noUnix, pieces: null }, why: 'as if' }
  if (wall === 'no overlays') return { rung: 'box', granted: { ...granted, pieces: null }, why: null }
  if (wall !== 'no filter') return whole
  const filter = path.join(dir, 'filter-nothing.bpf')
  // One instruction: allowed.
  fs.writeFileSync(filter, Buffer.from([6, 0, 0, 0, 0, 0, 0xff, 0x7f]))
  return { rung: 'box', granted: { ...granted, filter }, why: null }
}

/** What was covered is opened again. */
const leaking = (argv: readonly string[]): { argv: string[] } => ({
  argv: [
    '/bin/sh',
    '-c',
    'exec 5<"$0" && exec "$@"',
    `${process.env['AUTOLOOP_PREFLIGHT_DIR']}/secret`,
    ...argv,
  ],
})

function print(what: unknown): void {
  process.stdout.write(JSON.stringify(what), () => process.exit(0))
}

void main()
