import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'

/** A program of a package that is linked from a directory of the work: a member of a workspace, a `file:` package. */
export interface LinkedProgram {
  readonly name: string
  /** Both relative to the root. */
  readonly packageDir: string
  readonly file: string
}

/** `layers`: what `prepare` made. */
export function linkedPrograms(layers: readonly string[]): readonly LinkedProgram[] {
  return layers.flatMap((layer) =>
    namesIn(path.join(layer, 'node_modules/.bin')).flatMap((name) => {
      const installed = followed(layer, `node_modules/.bin/${name}`)
      const of = installed === null ? null : /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(installed)
      const packageDir = of === null ? null : followed(layer, of[0])
      if (packageDir === null || /^(?:\.\.|\/|node_modules\/)/.test(packageDir)) return []
      return { name, packageDir, file: `${packageDir}${installed!.slice(of![0].length)}` }
    }),
  )
}

/** Where a link leads, relative to the layer; null for what is none. */
function followed(layer: string, name: string): string | null {
  const place = path.join(layer, name)
  if (fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return null
  return path.posix.join(path.posix.dirname(name), fs.readlinkSync(place))
}
