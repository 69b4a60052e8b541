import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'

/**
 * Directories of the work, relative to the root, that packages are linked from whose programs gates start: members of a workspace,
 * `file:` packages. `layers`: what `prepare` made. `programs`: words of gates.
 */
export function linkedPrograms(
  layers: readonly string[],
  programs: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = new Set<string>()
  for (const layer of layers)
    for (const name of namesIn(path.join(layer, 'node_modules/.bin'))) {
      const file = programs.has(name) ? followed(layer, `node_modules/.bin/${name}`) : null
      const of = file === null ? null : /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)
      const dir = of === null ? null : followed(layer, of[0])
      if (dir !== null && !/^(?:\.\.|\/|node_modules\/)/.test(dir)) found.add(dir)
    }
  return found
}

/** Where a link leads, relative to the layer; null for what is none. */
function followed(layer: string, name: string): string | null {
  const place = path.join(layer, name)
  if (fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return null
  return path.posix.join(path.posix.dirname(name), fs.readlinkSync(place))
}
