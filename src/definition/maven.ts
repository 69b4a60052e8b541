import { type Collection, dirOf, join } from './collection.ts'
import { xmlParts } from './xml.ts'

/** Children of `<project>` that say nothing of the build: they change honestly, or nobody acts on them. */
const FREE = new Set(
  `dependencies dependencyManagement version name description url inceptionYear organization licenses developers contributors
  scm issueManagement ciManagement mailingLists`.split(/\s+/),
)
/** Properties that hold the version of a dependency, not of a plugin. */
const VERSION = /^(version\.[\w.-]+|[\w.-]+[.-]version|\w+Version)$/
const PLUGIN =
  /plugin|surefire|failsafe|enforcer|jacoco|checkstyle|spotbugs|pmd|compiler|^java|maven|source|target|release/i

/** A pom.xml but for dependencies, with those of its modules. A module that joins only adds. */
export function pinPom(rel: string, collection: Collection): void {
  if (!collection.once(`pom ${rel}`)) return
  const dir = dirOf(rel)
  const { workspace } = collection
  const text = workspace.text(rel)
  const found = text === null ? null : definition(text)
  collection.part(rel, 'build', found === null || found.text === '' ? null : found.text)
  for (const module of found?.modules ?? []) {
    collection.pin('addable', `${rel}#module ${module}`, 'module', rel)
    const at = workspace.inside(dir, module)
    if (at === null) continue
    const isDirectory = workspace.stat(at)?.isDirectory() === true
    if (isDirectory) collection.pin('member', at, 'member')
    pinPom(isDirectory ? join(at, 'pom.xml') : at, collection)
  }
}

/** One line per element or text. */
function definition(text: string): { readonly text: string; readonly modules: string[] } {
  const kept: string[] = []
  const modules: string[] = []
  const path: string[] = []
  /** Length of the path at which something free began; 0: nothing. */
  let free = 0
  let version: string[] = []
  for (const part of xmlParts(text)) {
    if (part.kind === 'open') path.push(part.name)
    const [, child, name] = path
    const isModule = child === 'modules' && name === 'module' && path.length === 3
    if (free === 0 && path.length === 2 && part.kind === 'open' && FREE.has(part.name)) free = 2
    // The parent's version moves with every release of a build of several modules.
    const isVersion =
      path.length === 3 &&
      name !== undefined &&
      ((child === 'properties' && VERSION.test(name) && !PLUGIN.test(name)) ||
        (child === 'parent' && name === 'version'))
    if (part.kind === 'text' && isModule) modules.push(part.written)
    if (isVersion) {
      if (part.kind === 'open') version = []
      version.push(part.written)
      // Only a plain version is free, whatever the name says.
      if (part.kind === 'close' && !/^<[^>]*>[\w.+-]*<[^>]*>$/.test(version.join('')))
        for (const one of version) kept.push(one)
    } else if (
      free === 0 &&
      !isModule &&
      !(path.length === 2 && (child === 'modules' || child === 'properties'))
    )
      kept.push(part.written)
    if (part.kind === 'close' || (part.kind === 'open' && part.empty)) {
      if (free === path.length) free = 0
      path.pop()
    }
  }
  return { text: kept.join('\n'), modules }
}
