import {
  type Collection,
  type Collector,
  dirOf,
  join,
  matchesWildcard,
  optionValues,
  programOf,
} from './collection.ts'
import { madeFor, makesItsFile, parseMakeRules } from './make-rules.ts'

/** GNU make reads the first of these that exists, so one put beside the Makefile replaces it. */
const PRECEDENCE = ['GNUmakefile', 'makefile', 'Makefile']
const MAX_INCLUDES = 50
/** GNU make remakes a makefile by its built-in rules when one of these (`*`: its name) is newer. */
const REMADE_FROM =
  '*.o *.c *.cc *.C *.cpp *.p *.f *.F *.m *.r *.s *.S *.mod *.sh *.y *.l *.w *.ch *.ym *.web *.def *,v RCS/*,v RCS/* s.* SCCS/s.*'.split(
    ' ',
  )
/** Directories that a build or a package manager makes, also as the target of that name. */
const BUILT =
  /^(build|dist|out|target|bin|lib|obj|coverage|docs?|html|public|vendor|deps|node_modules|\.?venv)$/
const VALUED = ['-C', '-f', '-I', '-o', '-W', '--directory', '--file', '--makefile', '--include-dir']

/**
 * Makefiles whole, the names that would win over them, includes, the commands in all recipes (of any target), files that
 * would make a target of the gate "up to date", and those that the makefile itself would be remade from.
 */
export const make: Collector = {
  name: 'make',
  collect({ argv, dir }, collection) {
    if (!['make', 'gmake', 'bmake'].includes(programOf(argv))) return
    let at: string | null = dir
    for (const to of optionValues(argv, ['-C', '--directory']))
      at = at === null ? null : collection.workspace.inside(at, to)
    if (at === null) return
    const named = optionValues(argv, ['-f', '--file', '--makefile'])
    const seen = new Map<string, string>()
    for (const file of named.length > 0 ? named : PRECEDENCE) {
      const rel = collection.workspace.inside(at, file)
      if (rel !== null) pinMakefile(rel, at, collection, seen)
    }
    pinTargets(argv, at, [...seen.values()], collection)
  },
}

function pinMakefile(rel: string, dir: string, collection: Collection, seen: Map<string, string>): void {
  if (seen.has(rel) || seen.size > MAX_INCLUDES) return
  seen.set(rel, '')
  collection.file(rel)
  pinSources(rel, collection)
  // A line continued with a backslash is one line, also of an include; of a recipe it stays one command.
  const raw = collection.workspace.text(rel)?.replace(/\\\r?\n\s*/g, ' ')
  if (raw === undefined) return
  seen.set(rel, raw)
  const text = raw.replace(/\$[({]MAKE[)}]/g, 'make').replace(/\$\$/g, '$')
  for (const [, names] of text.matchAll(/^ *(?:-?include|sinclude)[ \t]+([^\n#]+)/gm))
    for (const name of (names as string).trim().split(/\s+/))
      for (const file of matching(name, dir, collection)) pinMakefile(file, dir, collection, seen)
  // Recipe lines, one by one: in a whole text `^` is also after
  // every carriage return, and a megabyte of these would be looked at from each of them.
  for (const line of text.split('\n')) {
    const recipe = /^(?:\t|[^\t#:=]+::?[^=;]*;)[ \t]*[@+-]*(.*)$/s.exec(line)?.[1]
    if (recipe !== undefined) collection.runText(recipe, dir, false)
  }
}

/** Those that are there; one that appears later is a pin of its own then. */
function pinSources(rel: string, collection: Collection): void {
  const at = rel.lastIndexOf('/') + 1
  for (const form of REMADE_FROM) {
    const file = rel.slice(0, at) + form.replace('*', () => rel.slice(at))
    if (collection.workspace.stat(file)?.isDirectory() === false) collection.file(file)
  }
}

/** A file of the name of a target that is not phony makes it "up to date", and its recipe is not run. */
function pinTargets(
  argv: readonly string[],
  dir: string,
  texts: readonly string[],
  collection: Collection,
): void {
  const rules = parseMakeRules(texts.join('\n'))
  const asked = argv.filter(
    (arg, index) => index > 0 && !/^-|=/.test(arg) && !VALUED.includes(argv[index - 1] as string),
  )
  // Without a goal it is the first target, which may be that of any included file.
  const first = [rules, ...texts.map(parseMakeRules)].flatMap(({ goal }) => goal ?? [])
  const goals = asked.length > 0 ? asked : first
  for (const [name, rule] of madeFor(goals, rules)) {
    // A name with a slash or an ending is a file that is made or installed (`.venv/bin/activate`), not a word for a task.
    const isFile = name.includes('/') || (name.includes('.') && !asked.includes(name))
    const rel = isFile || /[%$*?[\]]/.test(name) ? null : collection.workspace.inside(dir, name)
    const isMarker = rule.recipe.length > 0 || rule.prerequisites.length === 0
    if (rel === null || rules.phony?.has(name) !== false || !isMarker || makesItsFile(name, rule)) continue
    const stat = collection.workspace.stat(rel)
    const counts = stat !== null && !(BUILT.test(name) && stat.isDirectory())
    collection.pin('absent', rel, counts ? 'present' : null)
  }
}

/** Files an include names: plain names (absent ones too), or a `*` in the last part. Names with variables are unknown to us. */
function matching(name: string, dir: string, collection: Collection): string[] {
  if (name.includes('$')) return []
  const rel = collection.workspace.inside(dir, name)
  if (rel === null) return []
  if (!name.includes('*')) return [rel]
  const parent = dirOf(rel)
  const pattern = rel.slice(rel.lastIndexOf('/') + 1)
  return (collection.workspace.names(parent, 1000) ?? [])
    .filter((file) => matchesWildcard(pattern, file))
    .map((file) => join(parent, file))
}
