import { LIFECYCLE_SCRIPTS } from '../../contract/lifecycle.ts'
import path from 'node:path'
import { isObject, parseJson } from '../../base/json.ts'
import { type TreeFiles, within } from './tree-files.ts'

/*
 * Whether an installer runs, compiles or copies what the project itself holds. Its result then rests on sources too, and a layer
 * made for one tree would show the next one's tests what is no longer there. Each answers with the file that says so, or null.
 */

/** Lifecycle scripts of the root and of what may be a member; packages that are copied instead of linked. */
export function nodeCode(tree: TreeFiles, dir: string, words: readonly string[]): string | null {
  const [verb, ...rest] = words.filter((word) => !word.startsWith('-'))
  const rebuilt = verb === 'rebuild' ? rest : []
  const npmrc = tree.text(within(dir, '.npmrc') ?? '') ?? ''
  const silent =
    /^\s*ignore-scripts\s*=\s*true/m.test(npmrc) ||
    words.includes('--ignore-scripts') ||
    words.includes('--mode=skip-build')
  for (const file of tree.paths) {
    const name = path.posix.basename(file)
    if (name === 'pnpm-workspace.yaml' || name === '.npmrc')
      if (/^\s*inject-?workspace-?packages\s*[:=]\s*true/im.test(tree.text(file) ?? '')) return file
    if (name !== 'package.json') continue
    const text = tree.text(file) ?? ''
    if (/"injected"\s*:\s*true/.test(text)) return file
    const json = parseJson(text, file)
    if (silent || !json.ok || !isObject(json.value)) continue
    if (rebuilt.length > 0 && !rebuilt.some((one) => isObject(json.value) && json.value['name'] === one))
      continue
    const scripts = json.value['scripts']
    if (isObject(scripts) && LIFECYCLE_SCRIPTS.some((one) => Object.hasOwn(scripts, one))) return file
    const gyp = within(path.posix.dirname(file), 'binding.gyp')
    if (gyp !== null && tree.paths.has(gyp)) return gyp
  }
  return null
}

/** Backends that only write down where the sources of an editable project lie. */
const LINKING =
  /^(?:hatchling\.build|flit(?:_core)?\.buildapi|flit_scm:buildapi|setuptools\.build_meta(?::__legacy__)?|poetry\.core\.masonry\.api|pdm\.(?:backend|pep517\.api)|uv_build)$/
const BUILDS =
  /^\s*(?:\[+\s*tool\.(?:hatch\.build\.(?:.*\.)?hooks\.(?!vcs\b)|poetry\.build\b|pdm\.build\b|setuptools\.ext-modules\b)|(?:backend-path|build|ext-modules|(?:pre|post)_install)\s*=)/m
const COMPILES =
  /ext_modules|cmdclass|Extension\b|cffi_modules|rust_extensions|cythonize|subprocess|os\.system/

/** A Python project that is installed as it lies in `dir`: null where that is a link to its sources. */
export function pythonCode(tree: TreeFiles, dir: string): string | null {
  const at = (name: string): string => within(dir, name) ?? name
  const pyproject = tree.text(at('pyproject.toml')) ?? ''
  const backend = /^\s*build-backend\s*=\s*["']([^"']+)/m.exec(pyproject)?.[1]
  if (BUILDS.test(pyproject) || (backend !== undefined && !LINKING.test(backend))) return at('pyproject.toml')
  return COMPILES.test(tree.text(at('setup.py')) ?? '') ? at('setup.py') : null
}

/** The same for whatever `sync` and `install` of a manager install: the project, and the members of uv's workspace. */
export function managedPython(tree: TreeFiles, dir: string, words: readonly string[]): string | null {
  const own = within(dir, 'pyproject.toml') ?? ''
  if (words.includes('--no-editable')) return own
  const members = /^\s*\[tool\.uv\.workspace/m.test(tree.text(own) ?? '')
    ? [...tree.paths].filter((file) => path.posix.basename(file) === 'pyproject.toml')
    : [own]
  for (const file of members) {
    const code = pythonCode(tree, path.posix.dirname(file))
    if (code !== null) return code
  }
  return null
}

/** Composer writes down the classes that it found, and runs the scripts of the root. */
export function composerCode(tree: TreeFiles, dir: string, words: readonly string[]): string | null {
  const file = within(dir, 'composer.json') ?? ''
  const text = tree.text(file) ?? ''
  const scripts =
    !words.includes('--no-scripts') &&
    /"(?:pre|post)-(?:install|autoload|package|operations)[\w-]*"\s*:/.test(text)
  const copied = /"symlink"\s*:\s*false/.test(text)
  const listed = /"(?:classmap|optimize-autoloader|classmap-authoritative)"\s*:(?!\s*false)/.test(text)
  return scripts || copied || listed || words.some((word) => /^(?:-o|-a|--optimize|--classmap)/.test(word))
    ? file
    : null
}
