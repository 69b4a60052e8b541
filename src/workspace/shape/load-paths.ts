import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { namesIn } from '../../base/names-in.ts'

/** A language whose programs look for a module in the work before they look among what is installed. */
interface LoadPath {
  readonly ending: string
  /** A file that makes its directory a package, whose modules are only found by its name. */
  readonly packageFile: string | null
  readonly programs: readonly string[]
  /** Where a program's own library and what is installed for it lie, below the directory above its `bin`; `*` is one name. */
  readonly libraries: readonly string[]
  /** The same below a directory that `prepare` made. */
  readonly installed: readonly string[]
}

const LOAD_PATHS: readonly LoadPath[] = [
  {
    ending: 'py',
    packageFile: '__init__.py',
    programs: ['python3', 'python'],
    libraries: [
      'lib/python3*',
      'lib/python3*/site-packages',
      'lib/python3*/dist-packages',
      'local/lib/python3*/dist-packages',
    ],
    installed: [
      'lib/python3*/site-packages',
      '*/lib/python3*/site-packages',
      '*/*/lib/python3*/site-packages',
    ],
  },
  {
    ending: 'rb',
    packageFile: null,
    programs: ['ruby'],
    libraries: [
      'lib/ruby/*',
      'lib/ruby/gems/*/gems/*/lib',
      'share/rubygems-integration/*/gems/*/lib',
      'lib/ruby/vendor_ruby',
    ],
    installed: ['*/*/ruby/*/gems/*/lib', '*/ruby/*/gems/*/lib', 'ruby/*/gems/*/lib'],
  },
]

/** By the ending of their files: names that a program finds among what is installed, if the work does not have them. */
export type InstalledModules = ReadonlyMap<string, ReadonlySet<string>>

/** `layers`: directories that `prepare` made. `gatePath`: PATH of gates. Reads directories only. */
export function installedModules(
  endings: ReadonlySet<string>,
  layers: readonly string[],
  gatePath: string,
): InstalledModules {
  const found = new Map<string, ReadonlySet<string>>()
  for (const one of LOAD_PATHS) {
    if (!endings.has(one.ending)) continue
    const homes = one.programs.flatMap((program) => prefixesOf(program, gatePath))
    const places = [
      ...[...new Set(homes)].flatMap((home) => one.libraries.flatMap((pattern) => matching(home, pattern))),
      ...matching(path.join(os.homedir(), '.local'), one.libraries[1] ?? ''),
      ...layers.flatMap((layer) => one.installed.flatMap((pattern) => matching(layer, pattern))),
    ]
    found.set(one.ending, new Set(places.flatMap(namesIn).map(moduleOf)))
  }
  return found
}

/** `x.py`, `x/` and `x.cpython-312-x86_64-linux-gnu.so` are all the module x. */
export const moduleOf = (name: string): string => name.split('.')[0]!

/** The file that makes a directory of such modules a package; null where none has to. */
export function packageFileOf(ending: string): string | null {
  return LOAD_PATHS.find((one) => one.ending === ending)?.packageFile ?? null
}

/** Directories above those in which a program of this name lies, links of it followed too. */
function prefixesOf(program: string, gatePath: string): string[] {
  return gatePath.split(':').flatMap((dir) => {
    const file = path.join(dir, program)
    if (!path.isAbsolute(dir) || !fs.existsSync(file)) return []
    return [path.dirname(dir), path.dirname(path.dirname(fs.realpathSync(file)))]
  })
}

function matching(from: string, pattern: string): string[] {
  let dirs = [from]
  for (const part of pattern.split('/')) {
    const test = new RegExp(`^${part.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)
    dirs = part.includes('*')
      ? dirs.flatMap((dir) =>
          namesIn(dir)
            .filter((name) => test.test(name))
            .map((name) => path.join(dir, name)),
        )
      : dirs.map((dir) => path.join(dir, part))
  }
  return dirs.filter((dir) => fs.existsSync(dir))
}
