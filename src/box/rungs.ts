import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { systemWords } from '../base/system-words.ts'
import { writeFileWhole } from '../base/write-file.ts'
import type { BoxRung } from '../gates/types.ts'
import { boxArgv } from './box-argv.ts'
import { type Piece, isMoved, piecesNow } from './disk.ts'
import { findBwrap } from './find-bwrap.ts'
import type { SealedTree } from './sealed.ts'
import { seccompFilter } from './seccomp.ts'

/** The parts of a box that this machine grants. */
export interface Granted {
  readonly bwrap: string
  readonly filter: string
  readonly pieces: readonly Piece[] | null
}

/** The highest rung that this machine grants, and what keeps it from a higher one. */
export type Standing =
  | { readonly rung: Exclude<BoxRung, 'codex-only'>; readonly granted: Granted; readonly why: string | null }
  | { readonly rung: 'codex-only'; readonly granted: null; readonly why: string }

export interface BoxPlace {
  /** The native binary: its bwrap lies beside it. */
  readonly codexBin: string
  /** Out of the agent's reach; made if missing. */
  readonly dir: string
}

/** Tries the rungs from above, each with a process that ends at once; what is not tried is not believed. */
export function standing(place: BoxPlace, system?: readonly string[]): Standing {
  return standingWith(place, null, system).on
}

interface Found {
  readonly on: Standing
  readonly refused: string | null
}

/** Directories come and go on a busy disk; by then one of them was refused for more than that. */
const MOST_TRIES = 5

/**
 * The same, and what the machine says against a layer above this tree; null when it grants one. Where it grants both, one process
 * tells so: each trial costs a stop some 15 ms. What is refused of a disk that changed meanwhile is tried again.
 */
export function standingWith(place: BoxPlace, sealed: SealedTree | null, system?: readonly string[]): Found {
  for (let tried = 1; ; tried += 1) {
    const pieces = piecesNow()
    const found = tryRungs(place, sealed, pieces, system)
    if (found.refused === null || tried === MOST_TRIES || !isMoved(pieces)) return found
  }
}

function tryRungs(
  { codexBin, dir }: BoxPlace,
  sealed: SealedTree | null,
  pieces: readonly Piece[] | null,
  system?: readonly string[],
): Found {
  if (process.platform !== 'linux') return alone('there are no namespaces outside of Linux')
  const bwrap = findBwrap(codexBin, system)
  if (bwrap === null) return alone(`no bwrap with overlays beside ${codexBin} or on this system`)
  const filters = writeFilters(dir)
  if (typeof filters === 'string') return alone(filters)
  const whole = { bwrap, filter: filters.allow, pieces }
  const refused = pieces === null || sealed === null ? null : attempt(whole, sealed)
  // What was refused together may have been the layer alone.
  const isTried = sealed !== null && refused === null
  const why = pieces === null ? 'the disk has too many mounts' : isTried ? null : attempt(whole, null)
  if (why === null) return { on: { rung: 'box', granted: whole, why }, refused }
  const plain = { bwrap, filter: filters.refuse, pieces: null }
  const lowest = attempt(plain, null)
  if (lowest !== null) return alone(lowest)
  return { on: { rung: 'box-no-unix', granted: plain, why }, refused: why }
}

const alone = (why: string): Found => ({
  on: { rung: 'codex-only', granted: null, why },
  refused: why,
})

/** What the machine says against a box of this kind; null when it grants it. */
function attempt(parts: Granted, sealed: SealedTree | null): string | null {
  const [file = '', ...args] = boxArgv({
    ...parts,
    shown: [],
    kept: [],
    sealed,
    made: [],
    sockets: [],
    hostNetwork: false,
    argv: ['/bin/sh', '-c', ':'],
  })
  const run = spawnSync(file, args, {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
  })
  if (run.status === 0) return null
  if (run.error) return systemWords(run.error)
  const [first = ''] = run.stderr.trim().split('\n')
  return first === '' ? `it ended with ${run.status ?? run.signal}` : first.slice(0, 300)
}

/** The files of both filters, or why there are none. */
function writeFilters(dir: string): { readonly allow: string; readonly refuse: string } | string {
  const files = { allow: path.join(dir, 'filter.bpf'), refuse: path.join(dir, 'filter-no-unix.bpf') }
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    for (const unixSockets of ['allow', 'refuse'] as const) {
      const bytes = seccompFilter({ unixSockets })
      if (bytes === null) return `the system calls of ${process.arch} are not known here`
      if (!isThere(files[unixSockets], bytes)) writeFileWhole(files[unixSockets], bytes)
    }
    return files
  } catch (error) {
    return `${dir} cannot be written: ${systemWords(error)}`
  }
}

function isThere(file: string, bytes: Buffer): boolean {
  try {
    return fs.readFileSync(file).equals(bytes)
  } catch {
    return false
  }
}
