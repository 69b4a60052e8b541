import fg from 'fast-glob'
import { parse } from 'yaml'
import { type JsonObject, isObject, parseJson } from '../base/json.ts'
import { globProblem } from '../contract/path-rules.ts'
import { type PackageManager, managers } from '../definition/node/managers.ts'
import { compileGlob, plainPath, splitGlob } from '../evidence/glob.ts'
import { RepoFiles } from './files.ts'
import { readScripts } from './node-scripts.ts'
import type { ScriptSource } from './detection.ts'

const MAX_MEMBERS = 500
const MAX_DEPTH = 8

/** One package of a workspace. */
export interface Member {
  readonly dir: string
  /** As its package.json says; null where it has no name. */
  readonly name: string | null
  readonly source: ScriptSource
}

export interface Workspace {
  readonly patterns: readonly string[]
  readonly members: readonly Member[]
  /** Yarn 2 or later, should it be yarn. */
  readonly berry: boolean
}

/** The packages of a workspace; null when the repository is not a workspace. */
export function readWorkspace(
  root: string,
  packageJson: JsonObject,
  manager: PackageManager,
): Workspace | null {
  const look = new RepoFiles(root)
  const patterns = memberPatterns(look, packageJson, manager)
  if (patterns.length === 0) return null
  return { patterns, members: readMembers(look, patterns), berry: isBerry(look, packageJson) }
}

function isBerry(look: RepoFiles, packageJson: JsonObject): boolean {
  const field = packageJson['packageManager']
  return look.has('.yarnrc.yml') || (typeof field === 'string' && /^yarn@(?:[2-9]|\d\d)/.test(field))
}

function memberPatterns(look: RepoFiles, packageJson: JsonObject, manager: PackageManager): string[] {
  if (managers[manager].membersIn === 'package.json') {
    const field = packageJson['workspaces']
    return strings(isObject(field) ? field['packages'] : field)
  }
  const yaml = yamlOf(look.text('pnpm-workspace.yaml') ?? '')
  return strings(isObject(yaml) ? yaml['packages'] : null)
}

/** Null for what is no YAML. */
export function yamlOf(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' })
  } catch {
    return null
  }
}

const strings = (list: unknown): string[] =>
  Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []

function readMembers(look: RepoFiles, patterns: readonly string[]): Member[] {
  const [out, inside] = split(patterns.filter((one) => !one.includes('..') && !/^!?\//.test(one)))
  const left = usable(out.map((one) => one.slice(1))).map(compileGlob)
  return [...new Set(usable(inside).flatMap((one) => directoriesOf(look.root, one)))]
    .filter((dir) => !left.some((test) => test(dir)))
    .sort()
    .slice(0, MAX_MEMBERS)
    .flatMap((dir): Member[] => {
      const file = `${dir}/package.json`
      const json = parseJson(look.text(file) ?? '', file)
      if (!json.ok || !isObject(json.value)) return []
      const name = json.value['name']
      return [
        {
          dir,
          name: typeof name === 'string' ? name : null,
          source: readScripts(json.value, 'npm', file),
        },
      ]
    })
}

/** As a contract would take them: a `package.json` is anybody's, and some globs take for ever to match. */
function usable(patterns: readonly string[]): string[] {
  return patterns.map(plainPath).filter((one) => globProblem(one) === null)
}

function split(patterns: readonly string[]): [string[], string[]] {
  return [patterns.filter((one) => one.startsWith('!')), patterns.filter((one) => !one.startsWith('!'))]
}

/** The directories that a pattern means; links are not followed, hidden and dependency directories not entered. */
function directoriesOf(root: string, pattern: string): string[] {
  // An escape hides them from a look at the pattern.
  if (splitGlob(pattern).base.split('/').includes('..')) return []
  // A name may hold them; as groups nobody uses them here.
  return fg.sync(pattern.replaceAll(/(?<!\\)[()]/g, String.raw`\$&`), {
    cwd: root,
    onlyDirectories: true,
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**'],
    deep: MAX_DEPTH,
    suppressErrors: true,
  })
}
