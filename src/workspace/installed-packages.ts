import fs from 'node:fs'
import path from 'node:path'
import { namesIn } from '../base/names-in.ts'
import { readTextSafe } from '../base/read-file.ts'
import type { InstalledPackage, PackageName } from './dependencies/dependency-change.ts'
import { nodeBrings, pythonBrings } from './dependencies/installed.ts'

const MOST_BYTES = 4 << 20

/** What `prepare` installed, by the package's own files in its layers. Gems and all else that has no reader are not known. */
export function installedIn(layers: readonly string[]): InstalledPackage {
  return (ecosystem, wanted) => {
    for (const layer of layers) {
      const brings =
        ecosystem === 'node'
          ? nodePackage(layer, wanted)
          : ecosystem === 'python'
            ? pythonPackage(layer, wanted)
            : null
      if (brings !== null) return brings
    }
    return null
  }
}

/** At the top, or in pnpm's store, where each version lies by its name. */
function nodePackage(layer: string, { name, version }: PackageName): ReturnType<typeof nodeBrings> {
  const modules = path.join(layer, 'node_modules')
  const stored = path.join(modules, '.pnpm', `${name.replace('/', '+')}@${version}`, 'node_modules', name)
  for (const dir of [path.join(modules, name), stored]) {
    const text = textOf(path.join(dir, 'package.json'))
    if (text !== null && versionIn(text) === version) return nodeBrings(text)
  }
  return null
}

function versionIn(packageJson: string): string | null {
  return /"version"\s*:\s*"([^"]*)"/.exec(packageJson)?.[1] ?? null
}

/** Names as wheels write them: letters in any case, `-`, `_` and `.` alike. */
function pythonPackage(
  layer: string,
  { name, version }: PackageName,
): ReturnType<typeof pythonBrings> | null {
  const plain = (word: string): string => word.toLowerCase().replace(/[-_.]+/g, '-')
  for (const dir of sitePackages(layer)) {
    const found = namesIn(dir).find((one) => plain(one) === plain(`${name}-${version}.dist-info`))
    if (found === undefined) continue
    const [metadata, record] = ['METADATA', 'RECORD'].map((file) => textOf(path.join(dir, found, file)))
    if (typeof metadata !== 'string' || typeof record !== 'string') return null
    return pythonBrings(metadata, textOf(path.join(dir, found, 'entry_points.txt')), record)
  }
  return null
}

/** Of an environment at the top of the layer, or one directory below it. */
function sitePackages(layer: string): string[] {
  return [layer, ...namesIn(layer).map((name) => path.join(layer, name))].flatMap((dir) =>
    namesIn(path.join(dir, 'lib'))
      .filter((name) => name.startsWith('python3'))
      .map((name) => path.join(dir, 'lib', name, 'site-packages'))
      .filter((one) => fs.existsSync(one)),
  )
}

function textOf(file: string): string | null {
  const read = readTextSafe(file, { maxBytes: MOST_BYTES })
  return read.ok ? read.value : null
}
