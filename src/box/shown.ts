import fs from 'node:fs'
import path from 'node:path'
import { isWithin } from '../base/within.ts'
import type { Piece } from './disk.ts'

/** Empty in every box: what lies there is of the machine's other processes, sockets above all. */
export const EMPTIED = ['/run', '/tmp'] as const

/**
 * Of an emptied directory, what leads to a place that the gate is told to use all the same (its HOME, a directory of its PATH, as
 * on NixOS, what /etc/resolv.conf is a link to): links as they are, the rest through a layer.
 */
export function shownPieces(place: string): readonly Piece[] {
  const emptied = EMPTIED.find((dir) => isWithin(place, dir) && place !== dir)
  if (emptied === undefined) return []
  let at: string = emptied
  for (const name of path.relative(emptied, place).split(path.sep)) {
    at = path.join(at, name)
    const stat = fs.lstatSync(at, { throwIfNoEntry: false })
    if (stat === undefined) return []
    if (stat.isSymbolicLink()) {
      const target = fs.readlinkSync(at)
      const rest = path.relative(at, place)
      return [
        { kind: 'link', path: at, target },
        ...shownPieces(path.join(path.resolve(path.dirname(at), target), rest)),
      ]
    }
  }
  const stat = fs.statSync(at)
  if (stat.isDirectory()) return [{ kind: 'overlay', path: at }]
  return stat.isFile() ? [{ kind: 'file', path: at }] : []
}
