import path from 'node:path'
import { isAgents } from '../../definition/direct.ts'
import type { InstalledModules } from './load-paths.ts'
import {
  BUILD_PROGRAM,
  COMPILED_ENDINGS,
  DATA_ENDINGS,
  DOCUMENT_ENDINGS,
  LOADED_BY_NAME,
  MANIFEST,
  SETTINGS_NAME,
  SETTINGS_WORD,
  TOOL_DIRECTORY,
} from './names.ts'

/** What the start held, as far as it tells work from definition. */
export interface StartShape {
  /** Kind of each file, `f`, `x` or `l`; relative to the root. */
  readonly files: ReadonlyMap<string, string>
  /** Endings of its sources, tests and documents. */
  readonly endings: ReadonlySet<string>
  /** Roots of projects: directories with a manifest or with settings. `.` is always one. */
  readonly roots: ReadonlySet<string>
  /** Those without any source of their own. */
  readonly bareRoots: ReadonlySet<string>
  /** `<directory>/*<ending>` of each file of data that lies in no project's root. */
  readonly data: ReadonlySet<string>
  /** Directories with a source in them or below, at the start or now: a tool that judges it may look there for settings. */
  readonly judged: ReadonlySet<string>
  readonly named: Named
  readonly installed: InstalledModules
  /** Directories that held any file. */
  readonly dirs: ReadonlySet<string>
}

/** What the gates' own definition names: files, and directories of which everything counts. */
export interface Named {
  readonly files: ReadonlySet<string>
  readonly trees: ReadonlySet<string>
  /** Directories of packages whose programs the gates start. */
  readonly packages?: ReadonlySet<string>
}

/** `files`: kind of each file at the start, relative to the root. `now`: paths that differ. Pure. */
export function startShape(
  files: ReadonlyMap<string, string>,
  named: Named,
  installed: InstalledModules = new Map(),
  now: readonly string[] = [],
): StartShape {
  const own = [...files].flatMap(([file, kind]) => (kind === 'l' || isInside(file) ? [] : [placeOf(file)]))
  const roots = new Set(['.', ...own.filter(({ base }) => makesRoot(base)).map(({ dir }) => dir)])
  const plain = own.filter(({ base, ending }) => !base.startsWith('.') && ending !== '')
  const texts = plain.filter(({ ending }) => DOCUMENT_ENDINGS.has(ending))
  const sources = plain.filter(
    ({ base, dir, ending }) =>
      !DATA_ENDINGS.has(ending) && !DOCUMENT_ENDINGS.has(ending) && !isSettings(base, roots.has(dir)),
  )
  const written = now.filter((file) => {
    const ending = endingOf(path.posix.basename(file))
    return ending !== '' && !DATA_ENDINGS.has(ending) && !DOCUMENT_ENDINGS.has(ending)
  })
  const withSources = new Set(sources.map(({ dir }) => dir))
  const data = plain.filter(({ dir, ending }) => DATA_ENDINGS.has(ending) && !roots.has(dir))
  return {
    files,
    endings: new Set([...texts, ...sources].map(({ ending }) => ending)),
    roots,
    bareRoots: new Set([...roots].filter((dir) => !withSources.has(dir))),
    data: new Set(data.map(({ file }) => kindOfData(file))),
    judged: directoriesOf([...sources.map(({ file }) => file), ...written]),
    named: { ...named, trees: new Set([...named.trees, ...toolTrees(files, named, roots, sources)]) },
    installed,
    dirs: directoriesOf(files.keys()),
  }
}

/**
 * A script that a gate names loads others that lie with it. So the whole directory that it lies in, right below its project's root, is
 * the gate's, unless it is one for sources or tests by its name or holds most of the sources.
 */
function toolTrees(
  files: ReadonlyMap<string, string>,
  { files: named, packages = new Set() }: Named,
  roots: ReadonlySet<string>,
  sources: readonly Place[],
): readonly string[] {
  const trees = [...named].flatMap((file) => {
    const ending = endingOf(path.posix.basename(file))
    if (!files.has(file) || DATA_ENDINGS.has(ending) || DOCUMENT_ENDINGS.has(ending)) return []
    return isInside(file) || isAgents(file) ? [] : (belowRoot(file, roots) ?? [])
  })
  const below = (tree: string): number => sources.filter(({ file }) => file.startsWith(`${tree}/`)).length
  return [...new Set([...trees, ...packages])].filter((tree) => 2 * below(tree) <= sources.length)
}

/** The directory right below the nearest root, on the way to this file; null where it lies in the root itself. */
function belowRoot(file: string, roots: ReadonlySet<string>): string | null {
  let tree: string | null = null
  for (let dir = path.posix.dirname(file); dir !== '.' && !roots.has(dir); dir = path.posix.dirname(dir))
    tree = dir
  return tree
}

function directoriesOf(files: Iterable<string>): ReadonlySet<string> {
  const dirs = new Set(['.'])
  for (const file of files)
    for (let dir = path.posix.dirname(file); !dirs.has(dir); dir = path.posix.dirname(dir)) dirs.add(dir)
  return dirs
}

interface Place {
  readonly file: string
  readonly dir: string
  readonly base: string
  readonly ending: string
}

function placeOf(file: string): Place {
  const base = path.posix.basename(file)
  return { file, dir: path.posix.dirname(file), base, ending: endingOf(base) }
}

/** In a hidden directory or one of tools. */
function isInside(file: string): boolean {
  return file
    .split('/')
    .slice(0, -1)
    .some((name) => name.startsWith('.') || TOOL_DIRECTORY.test(name))
}

function makesRoot(base: string): boolean {
  if (base.startsWith('.')) return !base.startsWith('.git')
  return MANIFEST.test(base) || isSettings(base, false)
}

/** What is named as settings are, in a project's root or elsewhere. */
export function isSettings(base: string, inRoot: boolean): boolean {
  if (LOADED_BY_NAME.has(base)) return true
  if (COMPILED_ENDINGS.has(endingOf(base))) return inRoot && BUILD_PROGRAM.test(base)
  return SETTINGS_NAME.test(base) || (inRoot && SETTINGS_WORD.test(base))
}

export const kindOfData = (file: string): string =>
  `${path.posix.dirname(file)}/*${endingOf(path.posix.basename(file))}`

/** Without the dot, in small letters; '' for none. */
export function endingOf(base: string): string {
  return path.posix.extname(base).slice(1).toLowerCase()
}

/** Whether it held any source at all. Without one nobody can tell work from definition. */
export function hasSources({ endings }: StartShape): boolean {
  return [...endings].some((ending) => !DOCUMENT_ENDINGS.has(ending))
}
