import fs from 'node:fs'
import path from 'node:path'
import { fsPath, pathText } from '../evidence/path-text.ts'
import type { RoomLack } from '../gates/command-record.ts'
import { directoriesOf } from '../workspace/layer.ts'
import type { ReadyRoom } from './ports.ts'

export interface Lacking {
  /** What a gate printed. */
  readonly text: string
  /** The module that it did not find, where it says so. */
  readonly missing: string | null
  readonly root: string
  /** Where the gate ran, relative to the root. */
  readonly cwd: string
  readonly room: Pick<ReadyRoom, 'has' | 'files'>
}

const MOST = 5
/** Of words that are looked at, and of directories. */
const MOST_LOOKS = 2_000
const DEPENDENCIES = /^(?:node_modules|\.?venv|vendor)$/

/** Whether a directory of this name holds what an installer puts there. */
export function isDependencies(file: string): boolean {
  return DEPENDENCIES.test(path.posix.basename(file))
}

/**
 * What a gate that passes in the workspace may miss in the room, as its output names it: a path that is there only, a directory of
 * dependencies, a package. A guess: the output is text that anybody can print.
 */
export function roomLacks(lacking: Lacking): RoomLack[] {
  const { text, missing, root, room } = lacking
  const found = new Map<string, RoomLack>()
  const add = (lack: RoomLack): void => void found.set(`${lack.kind} ${lack.name}`, lack)
  for (const file of pathsNamed(lacking))
    if (isThere(root, file) && !room.has(file)) add(lackOf(file, room.has))
  if (found.size === 0 && missing !== null)
    for (const dir of new Set([path.posix.normalize(lacking.cwd), '.'])) {
      const modules = path.posix.join(dir, 'node_modules')
      if (room.has(modules) && isThere(root, `${modules}/${missing}`) && !room.has(`${modules}/${missing}`))
        add({ kind: 'package', name: missing })
    }
  if (found.size === 0)
    for (const file of onlyInWorkspace(root, room)) {
      if ((missing !== null && isDependencies(file)) || isNamed(file, text)) add(lackOf(file, room.has))
    }
  return [...found.values()].slice(0, MOST)
}

function lackOf(file: string, has: (file: string) => boolean): RoomLack {
  const names = file.split('/')
  const at = names.findIndex((name) => DEPENDENCIES.test(name))
  const dir = names.slice(0, at + 1).join('/')
  return at >= 0 && !has(dir) ? { kind: 'dependencies', name: dir } : { kind: 'path', name: file }
}

/** Words of the output that may be paths below the root, relative to it. */
function pathsNamed({ text, root, cwd }: Lacking): Set<string> {
  const files = new Set<string>()
  const words = new Set(text.match(/[\w@+./~-]*[./][\w@+./~-]*/g) ?? [])
  for (const word of [...words].slice(-MOST_LOOKS)) {
    const bare = word.replace(/\.+$/, '')
    for (const from of new Set([path.join(root, cwd), root])) {
      const file = path.relative(root, path.resolve(from, bare))
      if (file !== '' && !file.startsWith('..') && !path.isAbsolute(file)) files.add(file)
    }
  }
  return files
}

/** The topmost of what git ignores, as the room's files tell. */
export function onlyInWorkspace(root: string, { files, has }: Lacking['room']): string[] {
  const directories = directoriesOf(files)
  const only: string[] = []
  for (const dir of ['', ...[...directories].slice(0, MOST_LOOKS)]) {
    let names: readonly Buffer[]
    try {
      names = fs.readdirSync(dir === '' ? root : fsPath(root, dir), { encoding: 'buffer' })
    } catch {
      continue
    }
    for (const name of names) {
      const file = dir === '' ? pathText(name) : `${dir}/${pathText(name)}`
      if (file !== '.git' && !files.has(file) && !directories.has(file) && !has(file)) only.push(file)
    }
    if (only.length > MOST_LOOKS) break
  }
  return only
}

/** By its path, or by its last name where that looks like a path in the text. */
function isNamed(file: string, text: string): boolean {
  const name = path.posix.basename(file)
  const alone = (one: string): string => String.raw`(?<![\w.-])${quoted(one)}(?![\w-])`
  const patterns = [
    String.raw`(?<=/)${quoted(name)}(?![\w.-])`,
    String.raw`(?<![\w.-])${quoted(name)}(?=/)`,
    ...(name.includes('.') ? [alone(name)] : []),
    ...(file.includes('/') ? [alone(file)] : []),
  ]
  return new RegExp(patterns.join('|')).test(text)
}

const quoted = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)

function isThere(root: string, file: string): boolean {
  try {
    return fs.lstatSync(path.join(root, file), { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}
