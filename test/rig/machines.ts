import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { isWithin } from '../../src/base/within.ts'
import { boxArgv } from '../../src/box/box-argv.ts'
import { diskPieces, readMounts } from '../../src/box/disk.ts'
import { findBwrap } from '../../src/box/find-bwrap.ts'
import { standing } from '../../src/box/rungs.ts'

/**
 * What is around a program, so that it finds a machine that grants less than this one. `layer`: a container whose disk is overlays; the
 * kernel stacks two of them and no third. `box`: a box of ours. `levelsLeft`: so deep in user namespaces that the
 * kernel, which has a fixed number of levels, makes only so many more in each other.
 */
export type Machine = 'layer' | 'box' | 'no user namespaces' | { readonly levelsLeft: number }

export interface Around {
  readonly codexBin: string
  /** What is written below it stays. */
  readonly kept: string
}

/** The command line that starts this there, in machines from the outermost to the innermost. */
export function onMachines(
  machines: readonly Machine[],
  around: Around,
  argv: readonly string[],
): readonly string[] {
  return machines.toReversed().reduce((inner, machine) => onMachine(machine, around, inner), argv)
}

function onMachine(machine: Machine, around: Around, argv: readonly string[]): readonly string[] {
  if (machine === 'layer') return onLayers(around, argv)
  if (machine === 'box') return inBox(around, argv)
  if (machine === 'no user namespaces') return without(argv)
  return [...deeper(deepest() - machine.levelsLeft), ...argv]
}

function onLayers({ codexBin, kept }: Around, argv: readonly string[]): readonly string[] {
  const bwrap = findBwrap(codexBin)
  if (bwrap === null) throw new Error(`no bwrap beside ${codexBin}`)
  const layers = (diskPieces(readMounts()) ?? []).flatMap((piece) =>
    // Of a directory with a mount below it no layer is made.
    piece.kind === 'overlay' && !isWithin(kept, piece.path)
      ? ['--overlay-src', piece.path, '--tmp-overlay', piece.path]
      : [],
  )
  return [bwrap, '--unshare-user', '--die-with-parent', '--dev-bind', '/', '/', ...layers, '--', ...argv]
}

function inBox({ codexBin, kept }: Around, argv: readonly string[]): readonly string[] {
  const { granted, why } = standing({ codexBin, dir: fs.mkdtempSync(path.join(kept, 'outer-')) })
  if (granted?.pieces == null) throw new Error(`this machine grants no box: ${why}`)
  // Whoever is in it has to be able to read its filter.
  fs.chmodSync(path.dirname(granted.filter), 0o755)
  fs.chmodSync(granted.filter, 0o644)
  return boxArgv({
    ...granted,
    shown: [],
    kept: [kept],
    sealed: null,
    made: [],
    sockets: [],
    hostNetwork: true,
    argv,
  })
}

const deeper = (levels: number): readonly string[] =>
  Array.from({ length: levels }, () => ['unshare', '--user', '--map-current-user']).flat()

function deepest(): number {
  for (let levels = 40; levels > 0; levels--) {
    const ran = spawnSync('sh', ['-c', 'exec "$@"', 'sh', ...deeper(levels), 'true'])
    if (ran.status === 0) return levels
  }
  throw new Error('this machine makes no user namespaces')
}

/** Whoever made a namespace sets its limits. The right to do so is not handed on, because bwrap refuses whoever has rights that it did not expect. */
function without(argv: readonly string[]): readonly string[] {
  const set = 'echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --ambient-caps=-all "$@"'
  const own = [
    '--user',
    '--map-current-user',
    '--keep-caps',
    '--fork',
    '--pid',
    '--mount-proc',
    '--kill-child',
  ]
  return ['unshare', ...own, 'sh', '-c', set, 'sh', ...argv]
}
