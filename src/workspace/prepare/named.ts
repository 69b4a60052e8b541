import path from 'node:path'
import { decidesLayer } from './names.ts'
import { pythonCode } from './own-code.ts'
import { type TreeFiles, filesAt, within } from './tree-files.ts'

/** What the words of an installer lead to. */
export interface Named {
  readonly files: ReadonlySet<string>
  /** Of a project that is built to be installed in place: the file that says so. */
  readonly built: string | null
}

/** No version and no address. */
const PLACE = /^[^=<>~!:]+$/
/** What stands behind one of these is a place, however it is spelt; behind any other, a name of something. */
const LEADS =
  /^(?:-[rceCf]$|--(?:requirements?|constraints?|editable|prefix|dir|cwd|directory|project|find-links|gemfile|working-dir)(?:=|$))/
const LIST = /\.(?:txt|in)$/

/**
 * What words name: lists of requirements with those that they name, packages by their path. A project that is installed in
 * place (`-e`) counts by its manifest, which is in `names.ts`.
 */
export function namedBy(words: readonly string[], dir: string, tree: TreeFiles): Named {
  const files = new Set<string>()
  const read = (line: readonly string[], dirs: readonly string[]): string | null => {
    for (const [index, word] of line.entries()) {
      const [, own, text = ''] = /^(-[a-zA-Z]|--[\w-]+=)?(.*?)(?:\[[^\]]*\])?$/.exec(word) ?? []
      const before = line[index - 1] ?? ''
      const option = own ?? (before.startsWith('-') ? before : '')
      if (!PLACE.test(text) || !(LEADS.test(option) || /[./]/.test(text))) continue
      for (const place of dirs.flatMap((one) => within(one, text) ?? [])) {
        const built = /^(?:-e|--editable)/.test(option) ? pythonCode(tree, place) : add(place)
        if (built !== null) return built
      }
    }
    return null
  }
  const add = (place: string): string | null => {
    const isNew = !files.has(place)
    for (const file of filesAt(tree, place)) files.add(file)
    if (!isNew || !tree.paths.has(place) || !LIST.test(place)) return null
    const lines = (tree.text(place) ?? '').replaceAll(/(?:^|\s)#.*$/gm, '').split(/\s+/)
    // Lists are named beside the list, packages from the directory in which they are installed.
    return read(lines, [...new Set([path.posix.dirname(place), dir])])
  }
  const built = read(words, [dir])
  return { files, built }
}

/** What a file that decides a layer names: `file:../x`, `path = "x"` of Python, and what code that Bundler runs has in quotes. */
export function namedIn(file: string, tree: TreeFiles): string[] {
  if (!decidesLayer(file) && !LIST.test(file)) return []
  const text = tree.text(file) ?? ''
  const name = path.posix.basename(file)
  const places = (pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].flatMap((match) => within(path.posix.dirname(file), match[1] ?? '') ?? [])
  const packages = places(/\bfile:(?:\/\/)?(?:\$\{PROJECT_ROOT\}\/)?([^\s"'#:,;)}\]]+)/g)
  if (/^(?:pyproject\.toml|Pipfile)$/.test(name)) packages.push(...places(/\bpath\s*=\s*["']([^"'\n]+)/g))
  // A gem by its path is linked, so that its directory counts by its manifest; a file is read.
  const read = /^(?:Gemfile|gems\.rb|.*\.gemspec)$/.test(name) ? places(/["']([^"'\n]+)["']/g) : []
  return [
    ...packages.flatMap((place) => filesAt(tree, place)),
    ...read.flatMap((place) => [place, `${place}.rb`]).filter((place) => tree.paths.has(place)),
  ]
}
