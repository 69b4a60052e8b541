import fs from 'node:fs'
import { isWithin } from '../../base/within.ts'

/**
 * Processes that have a directory, or a file below it, in hand: as their working directory, their root, or open. Of another user's
 * processes nothing is seen; none of them can write below a directory of ours. Linux only: elsewhere none is found.
 */
export function holdersOf(dir: string): number[] {
  if (process.platform !== 'linux') return []
  const real = fs.realpathSync(dir)
  const { dev, ino } = fs.statSync(real)
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => holds(`/proc/${pid}`, real, { dev, ino }))
    .map(Number)
}

interface Id {
  readonly dev: number
  readonly ino: number
}

function holds(proc: string, real: string, id: Id): boolean {
  const places = [...['cwd', 'root', 'exe'].map((name) => `${proc}/${name}`), ...openIn(proc)]
  return (
    places.some((place) => isBelow(place, real)) ||
    ['cwd', 'root'].some((name) => climbsTo(`${proc}/${name}`, id))
  )
}

function openIn(proc: string): string[] {
  try {
    return fs.readdirSync(`${proc}/fd`).map((name) => `${proc}/fd/${name}`)
  } catch {
    return []
  }
}

function isBelow(link: string, real: string): boolean {
  try {
    return isWithin(fs.readlinkSync(link).replace(/ \(deleted\)$/, ''), real)
  } catch {
    return false
  }
}

/** A process in another mount namespace may see the directory under another name. It is the same one all the same. */
function climbsTo(link: string, { dev, ino }: Id): boolean {
  let last: Id | null = null
  for (let [at, depth] = [link, 0]; depth < 64; [at, depth] = [`${at}/..`, depth + 1]) {
    const stat = statOf(at)
    if (stat === null || (last?.dev === stat.dev && last.ino === stat.ino)) return false
    if (stat.dev === dev && stat.ino === ino) return true
    last = stat
  }
  return false
}

function statOf(place: string): Id | null {
  try {
    return fs.statSync(place)
  } catch {
    return null
  }
}
