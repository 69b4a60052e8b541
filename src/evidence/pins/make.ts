import {
  type Collection,
  type Collector,
  join,
  matchesWildcard,
  optionValues,
  programOf,
} from './collection.ts'

/** GNU make reads the first of these that exists, so one put beside the Makefile replaces it. */
const PRECEDENCE = ['GNUmakefile', 'makefile', 'Makefile']
const MAX_INCLUDES = 50

/** Makefiles whole, the names that would win over them, includes, and the commands in all recipes (of any target). */
export const make: Collector = {
  name: 'make',
  collect({ argv, dir }, collection) {
    if (!['make', 'gmake', 'bmake'].includes(programOf(argv))) return
    let at: string | null = dir
    for (const to of optionValues(argv, ['-C', '--directory']))
      at = at === null ? null : collection.workspace.inside(at, to)
    if (at === null) return
    const named = optionValues(argv, ['-f', '--file', '--makefile'])
    const seen = new Set<string>()
    for (const file of named.length > 0 ? named : PRECEDENCE) {
      const rel = collection.workspace.inside(at, file)
      if (rel !== null) pinMakefile(rel, at, collection, seen)
    }
  },
}

function pinMakefile(rel: string, dir: string, collection: Collection, seen: Set<string>): void {
  if (seen.has(rel) || seen.size > MAX_INCLUDES) return
  seen.add(rel)
  collection.file(rel)
  const text = collection.workspace
    .text(rel)
    ?.replace(/\$[({]MAKE[)}]/g, 'make')
    .replace(/\$\$/g, '$')
  if (text === undefined) return
  for (const [, names] of text.matchAll(/^ *(?:-?include|sinclude)[ \t]+([^\n#]+)/gm))
    for (const name of (names as string).trim().split(/\s+/))
      for (const file of matching(name, dir, collection)) pinMakefile(file, dir, collection, seen)
  // Recipe lines; a line continued with a backslash stays one command. One by one: in a whole text `^` is also after
  // every carriage return, and a megabyte of these would be looked at from each of them.
  for (const line of text.replace(/\\\n\s*/g, ' ').split('\n')) {
    const recipe = /^(?:\t|[^\t#:=]+::?[^=;]*;)[ \t]*[@+-]*(.*)$/s.exec(line)?.[1]
    if (recipe !== undefined) collection.runText(recipe, dir, false)
  }
}

/** Files an include names: plain names (absent ones too), or a `*` in the last part. Names with variables are unknown to us. */
function matching(name: string, dir: string, collection: Collection): string[] {
  if (name.includes('$')) return []
  const rel = collection.workspace.inside(dir, name)
  if (rel === null) return []
  if (!name.includes('*')) return [rel]
  const parent = rel.includes('/') ? rel.slice(0, rel.lastIndexOf('/')) : '.'
  const pattern = rel.slice(rel.lastIndexOf('/') + 1)
  return (collection.workspace.names(parent, 1000) ?? [])
    .filter((file) => matchesWildcard(pattern, file))
    .map((file) => join(parent, file))
}
