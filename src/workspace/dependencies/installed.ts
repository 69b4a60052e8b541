import type { Brings } from './dependency-change.ts'
import { programsOf, tableIn } from './npm-entry.ts'
import { jsonObject } from './npm-manifest.ts'
import { requirement } from './python-names.ts'

/** Of a package from a registry; `prepare` and the others are run for packages from elsewhere. */
const RUN_WHEN_INSTALLED = ['preinstall', 'install', 'postinstall']

/**
 * What an installed package brings, from its own files as they came out of the archive: a package whose code ran meanwhile may
 * have written them anew. Null where a file cannot be read.
 */
export function nodeBrings(packageJson: string): Brings | null {
  try {
    const json = jsonObject(packageJson)
    const name = String(json['name'])
    const scripts = tableIn(json, 'scripts')
    const directories = tableIn(json, 'directories')
    return {
      programs: programsOf(name, json['bin']),
      // Programs of a whole directory have no names here.
      loadsItself:
        RUN_WHEN_INSTALLED.some((one) => Object.hasOwn(scripts, one)) ||
        json['gypfile'] === true ||
        'bin' in directories,
      needs: Object.keys(tableIn(json, 'dependencies')),
    }
  } catch {
    return null
  }
}

/** Of a `*.dist-info`: its METADATA, entry_points.txt (null: none) and the paths in its RECORD. */
export function pythonBrings(metadata: string, entryPoints: string | null, record: string): Brings {
  const files = record.split(/\r?\n/).map((line) => line.replace(/,[^,]*,[^,]*$/, '').replaceAll('"', ''))
  const groups = [...(entryPoints ?? '').matchAll(/^[ \t]*\[([^\]\n]+)\]/gm)].map(([, name]) =>
    (name as string).trim(),
  )
  const scripts = (entryPoints ?? '')
    .split(/^[ \t]*(?=\[)/m)
    .filter((part) => /^\[\s*(?:console|gui)_scripts\s*\]/.test(part))
  const names = scripts.flatMap((part) =>
    [...part.matchAll(/^[ \t]*([^[\s=#;][^=\n]*?)[ \t]*=/gm)].map(([, name]) => name as string),
  )
  const placed = files.flatMap((file) => /(?:^|\/)(?:bin|Scripts)\/([^/]+)$/.exec(file)?.[1] ?? [])
  return {
    programs: [...new Set([...names, ...placed])],
    loadsItself:
      groups.some((group) => !/^(?:console|gui)_scripts$/.test(group)) ||
      files.some((file) => /^[^/]+\.pth$|^(?:site|user)customize(?:\.py|\/)|^conftest\.py$/.test(file)),
    needs: [...(metadata.split(/\r?\n\r?\n/)[0]?.matchAll(/^Requires-Dist:\s*(.+?)\s*$/gim) ?? [])]
      .map(([, text]) => text as string)
      .filter((text) => !/;.*\bextra\s*==/.test(text))
      .map((text) => requirement(text).name),
  }
}

/** Of a gem: the paths of its files, and the names in `executables` and `extensions` of its specification. */
export function gemBrings(
  files: readonly string[],
  executables: readonly string[],
  extensions: readonly string[],
  needs: readonly string[],
): Brings {
  const plugin = /(?:^|\/)(?:rubygems_plugin\.rb|minitest\/[^/]+_plugin\.rb)$/
  return {
    programs: executables,
    loadsItself: extensions.length > 0 || files.some((file) => plugin.test(file)),
    needs,
  }
}
