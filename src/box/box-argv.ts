import { never } from '../base/result.ts'
import { isWithin } from '../base/within.ts'
import type { Piece } from './disk.ts'
import { type SealedTree, keptBeside, sealedArgs } from './sealed.ts'
import { EMPTIED } from './shown.ts'

export interface BoxShape {
  readonly bwrap: string
  /** A file with the system calls that are refused; see seccomp.ts. */
  readonly filter: string
  /** Null: no overlays, the disk as it is. */
  readonly pieces: readonly Piece[] | null
  /** Of what is emptied, what is shown all the same. */
  readonly shown: readonly Piece[]
  /** Absolute, links resolved: what is written there stays. */
  readonly kept: readonly string[]
  /** Null: the tree itself is written, as one of `kept`. */
  readonly sealed: SealedTree | null
  /** Made where they would be missing in a directory that is emptied. */
  readonly made: readonly string[]
  /** Sockets of the machine that are there as they are. */
  readonly sockets: readonly string[]
  /** Whether the host's network is there as well. */
  readonly hostNetwork: boolean
  /** Arguments of bwrap for what lies over all this. */
  readonly over?: readonly string[]
  /** What is started inside. */
  readonly argv: readonly string[]
}

/** bwrap reads the filter from a descriptor, and nobody but a shell can hand one on through a terminal too. */
const WITH_FILTER = 'exec 3<"$0" && exec "$@"'

const OWN_NAMESPACES = [
  '--unshare-user',
  '--unshare-ipc',
  '--unshare-pid',
  '--unshare-uts',
  '--unshare-cgroup-try',
  '--die-with-parent',
  '--new-session',
]
/** The processes that are seen are those of the box, and the kernel's settings are read-only. */
const OWN_DEVICES = ['--dev', '/dev', '--proc', '/proc']

/** The command line that starts something in a box. */
export function boxArgv(shape: BoxShape): string[] {
  const { kept, pieces, sealed } = shape
  const disk =
    pieces === null ? ['--dev-bind', '/', '/'] : [...pieces.flatMap(pieceArgs), '--ro-bind', '/sys', '/sys']
  const emptied = EMPTIED.flatMap((dir) => ['--perms', dir === '/tmp' ? '1777' : '0755', '--tmpfs', dir])
  const made = shape.made
    .filter((dir) => EMPTIED.some((each) => isWithin(dir, each) && dir !== each))
    .flatMap((dir) => ['--dir', dir])
  return [
    '/bin/sh',
    '-c',
    WITH_FILTER,
    shape.filter,
    shape.bwrap,
    ...disk,
    ...OWN_NAMESPACES,
    ...(shape.hostNetwork ? [] : ['--unshare-net']),
    ...OWN_DEVICES,
    ...emptied,
    ...shape.shown.flatMap(pieceArgs),
    ...made,
    ...outermost(keptBeside(kept, sealed)).flatMap((dir) => ['--bind', dir, dir]),
    ...(sealed === null ? [] : sealedArgs(sealed)),
    ...shape.sockets.flatMap((socket) => ['--bind', socket, socket]),
    ...(shape.over ?? []),
    '--seccomp',
    '3',
    '--',
    ...shape.argv,
  ]
}

function outermost(dirs: readonly string[]): string[] {
  const all = [...new Set(dirs)]
  return all.filter((dir) => !all.some((other) => other !== dir && isWithin(dir, other)))
}

function pieceArgs(piece: Piece): string[] {
  switch (piece.kind) {
    case 'overlay':
      return ['--overlay-src', piece.path, '--tmp-overlay', piece.path]
    case 'directory':
      return ['--dir', piece.path]
    case 'link':
      return ['--symlink', piece.target, piece.path]
    case 'file':
    case 'bind':
      return ['--ro-bind-try', piece.path, piece.path]
    default:
      return never(piece, 'piece')
  }
}
