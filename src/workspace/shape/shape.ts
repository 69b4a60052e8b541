import path from 'node:path'
import { isInstructionFile } from '../../contract/instruction-files.ts'
import {
  DATA_ENDINGS,
  DOCUMENT_ENDINGS,
  LOADED_BY_NAME,
  LOADED_DIRECTORIES,
  MANIFEST,
  TEST_DIRECTORY,
  TOOL_DIRECTORY,
} from './names.ts'
import { moduleOf, packageFileOf } from './load-paths.ts'
import { type StartShape, endingOf, isSettings, kindOfData } from './start-shape.ts'

/** Why a path is definition. */
export type Because =
  | 'link'
  | 'dotfile'
  | 'tool-directory'
  /** Agents are told by it how to work. */
  | 'instructions'
  | 'loaded-by-name'
  | 'named-by-gate'
  /** A program that judges would find it in the place of a module that is installed. */
  | 'shadows-installed'
  | 'settings'
  /** In a directory above the run's root, where tools look as well. */
  | 'above-the-root'
  /** In a project's root that held no source. */
  | 'project-root'
  /** The start has no source, test or document with this ending. */
  | 'ending'

export type Shape = { readonly kind: 'free' } | { readonly kind: 'definition'; readonly because: Because }

/** A path of the definition that differs from the start. */
export interface DefinitionDifference {
  /** Relative to the root. */
  readonly path: string
  readonly because: Because
  /** What is there now, as a comparison tells it: kind and content; `-` is nothing. */
  readonly now: string
}

const FREE: Shape = { kind: 'free' }

/**
 * Whether a path that differs from the start is work, or could give a gate another meaning. The table is of what is work:
 * whatever it does not know is definition. `kind`: what is there now (`f`, `x`, `l`; `-` nothing). Pure.
 */
export function shapeOf(start: StartShape, file: string, kind: string): Shape {
  const because = definitionBecause(start, file, kind)
  return because === null ? FREE : { kind: 'definition', because }
}

function definitionBecause(start: StartShape, file: string, kind: string): Because | null {
  const was = start.files.get(file)
  const names = file.split('/')
  const dirs = names.slice(0, -1)
  const base = names.at(-1)!
  const dir = path.posix.dirname(file)
  if (!isPlain(kind) || (was !== undefined && !isPlain(was))) return 'link'
  if (names.some((name) => name.startsWith('.'))) return 'dotfile'
  if (dirs.some((name) => TOOL_DIRECTORY.test(name))) return 'tool-directory'
  if (isInstructionFile(file)) return 'instructions'
  if (isLoadedByName(start, base, dirs)) return 'loaded-by-name'
  if (isNamed(start, file)) return 'named-by-gate'
  if (shadowsInstalled(start, names, endingOf(base))) return 'shadows-installed'
  const inRoot = start.roots.has(dir)
  if (isSettings(base, inRoot)) return 'settings'
  const ending = endingOf(base)
  if (ending === '') return was === 'x' && !inRoot ? null : 'ending'
  if (DATA_ENDINGS.has(ending)) {
    if (inRoot) return 'settings'
    return was !== undefined || isPlainText(start, base) || isMoreData(start, file) ? null : 'settings'
  }
  if (DOCUMENT_ENDINGS.has(ending)) return null
  if (!start.endings.has(ending) && !isAmongTests(start, dirs)) return 'ending'
  return start.bareRoots.has(dir) ? 'project-root' : null
}

/** Below a directory of tests that the start had: a file there has no more power than a new test, which is work. */
function isAmongTests({ dirs: had }: StartShape, dirs: readonly string[]): boolean {
  return dirs.some((name, at) => TEST_DIRECTORY.test(name) && had.has(dirs.slice(0, at + 1).join('/')))
}

/**
 * New, in or below a directory that had data of this kind. Tools look for settings from what they judge upwards: so not where a
 * source lies there or below, if that is no test.
 */
function isMoreData({ data, judged }: StartShape, file: string): boolean {
  const base = path.posix.basename(file)
  const names = path.posix.dirname(file).split('/')
  if (MANIFEST.test(base)) return false
  if (judged.has(names.join('/')) && !names.some((name) => TEST_DIRECTORY.test(name))) return false
  return names.some((_name, at) => data.has(kindOfData([...names.slice(0, at + 1), base].join('/'))))
}

/** Few tools take settings from such a file, and those by its name. */
function isPlainText({ data }: StartShape, base: string): boolean {
  return endingOf(base) === 'txt' && !MANIFEST.test(base) && [...data].some((kind) => kind.endsWith('/*txt'))
}

const isPlain = (kind: string): boolean => kind === 'f' || kind === 'x' || kind === '-'

function isLoadedByName({ roots }: StartShape, base: string, dirs: readonly string[]): boolean {
  if (LOADED_BY_NAME.has(base)) return true
  if (base === 'conftest.py') return !dirs.some((name) => TEST_DIRECTORY.test(name))
  return dirs.some(
    (name, at) => LOADED_DIRECTORIES.has(name) && (at === 0 || roots.has(dirs.slice(0, at).join('/'))),
  )
}

/** New at its place, where modules are looked for: in a directory that the start had and that is no package. */
function shadowsInstalled(
  { files, dirs, installed }: StartShape,
  names: readonly string[],
  ending: string,
): boolean {
  const modules = installed.get(ending)
  if (modules === undefined || files.has(names.join('/'))) return false
  return names.some((name, at) => {
    const above = names.slice(0, at).join('/') || '.'
    const own = at === 0 ? name : `${above}/${name}`
    if (!dirs.has(above) || dirs.has(own) || TEST_DIRECTORY.test(name) || !modules.has(moduleOf(name)))
      return false
    const packageFile = packageFileOf(ending)
    return packageFile === null || !files.has(above === '.' ? packageFile : `${above}/${packageFile}`)
  })
}

/** Whether the gates' own definition names it, or a directory that it lies in. */
export function isNamed({ named }: StartShape, file: string): boolean {
  if (named.files.has(file)) return true
  for (let at = path.posix.dirname(file); at !== '.'; at = path.posix.dirname(at))
    if (named.trees.has(at)) return true
  return false
}

/** Whether a name alone makes it likely that a file is definition: one that differed at the start already is kept then. */
export function mayBeDefinition(file: string): boolean {
  const names = file.split('/')
  const base = names.at(-1)!
  const ending = endingOf(base)
  return (
    names.length === 1 ||
    ending === '' ||
    DATA_ENDINGS.has(ending) ||
    names.some((name) => name.startsWith('.')) ||
    isSettings(base, true)
  )
}
