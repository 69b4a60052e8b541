import { type JsonObject, isObject, parseJson } from '../base/json.ts'
import { PACKAGE_MANAGERS, type PackageManager, managers } from '../definition/node/managers.ts'
import { globProblem } from '../contract/path-rules.ts'
import { compileGlob, plainPath, splitGlob } from '../evidence/glob.ts'
import { found } from './found.ts'
import { RepoFiles } from './files.ts'
import { readScripts } from './node-scripts.ts'
import { chooseStandard, isFast } from './script-choice.ts'
import { COMBINED, SINGLE } from './script-names.ts'
import { faultOf } from './script-faults.ts'
import { commandsIn, stepsOf, textOf } from './script-text.ts'
import type { DetectedCommand, ScriptSource } from './detection.ts'

const MAX_MEMBERS = 500
const MAX_VISITED = 5000
const MAX_DEPTH = 8

/** A script in all members that have it; null when the manager cannot do that. */
const inMembers: Readonly<
  Record<
    PackageManager,
    (name: string, about: { readonly berry: boolean; readonly everywhere: boolean }) => string[] | null
  >
> = {
  npm: (name) => ['npm', 'run', name, '--workspaces', '--if-present'],
  pnpm: (name) => ['pnpm', '--recursive', 'run', name],
  yarn: (name, { berry, everywhere }) =>
    berry
      ? ['yarn', 'workspaces', 'foreach', '--all', 'run', name]
      : everywhere
        ? ['yarn', 'workspaces', 'run', name]
        : null,
  bun: (name) => ['bun', 'run', '--filter', '*', name],
}

interface Members {
  readonly commands: readonly DetectedCommand[]
  readonly notes: readonly string[]
}

/** For a workspace whose root has no script of its own: the members' scripts, each run in all members that have it. */
export function workspaceCommands(
  root: string,
  packageJson: JsonObject,
  manager: PackageManager,
): Members | null {
  const look = new RepoFiles(root)
  const patterns = memberPatterns(look, packageJson, manager)
  if (patterns.length === 0) return null
  const members = memberScripts(look, patterns)
  const choices = members.map((member) => chooseStandard('node', member, { passedOver: false }))
  const chosen = new Set(choices.flatMap((one) => one.commands.map(({ name }) => name)))
  const notes = choices.flatMap((one) => one.notes)
  const commands = [...chosen].sort(byStandard).flatMap((name): DetectedCommand[] => {
    const own = members.filter((one) => (one.scripts.get(name)?.text ?? '').trim() !== '')
    const faulty = own.find((one) => faultOf(one, name) !== null)
    const argv = inMembers[manager](name, {
      berry: isBerry(look, packageJson),
      everywhere: own.length === members.length,
    })
    if (faulty !== undefined || argv === null) {
      const why =
        faulty === undefined
          ? 'yarn 1 can run it only if every workspace has it'
          : `it would run in ${faulty.file} too, and ${faultOf(faulty, name)}`
      notes.push(`script ${name} is left out: ${why}`)
      return []
    }
    const texts = own.map((one) => textOf(one, name)).join('\n')
    return [
      found({
        name,
        argv,
        fast: isFast(
          name,
          own.flatMap((one) => stepsOf(one, name)),
        ),
        file: 'package.json',
        evidence: `workspaces: ${patterns.join(', ')}`,
        reason: `standard script of ${own.length} of ${members.length} workspaces`,
        does: PACKAGE_MANAGERS.map((one) => [one, name]),
        runs: commandsIn(texts),
      }),
    ]
  })
  return { commands: commands.sort((a, b) => Number(b.fast) - Number(a.fast)), notes }
}

/** Combined ones first, stand-ins such as `lint:check` where `lint` would be. */
function byStandard(a: string, b: string): number {
  const at = (name: string): number => [...COMBINED, ...SINGLE].findIndex((one) => one === name.split(':')[0])
  return at(a) - at(b)
}

function isBerry(look: RepoFiles, packageJson: JsonObject): boolean {
  const field = packageJson['packageManager']
  return look.has('.yarnrc.yml') || (typeof field === 'string' && /^yarn@(?:[2-9]|\d\d)/.test(field))
}

function memberPatterns(look: RepoFiles, packageJson: JsonObject, manager: PackageManager): string[] {
  const field = packageJson['workspaces']
  const list = isObject(field) ? field['packages'] : field
  const strings = Array.isArray(list) ? list.filter((one) => typeof one === 'string') : []
  if (managers[manager].membersIn === 'package.json') return strings
  const block = /^packages:[^\n]*\n((?:[ \t]*-.*\n?|[ \t]*#.*\n|\s*\n)*)/m.exec(
    `${look.text('pnpm-workspace.yaml') ?? ''}\n`,
  )
  return [...(block?.[1] ?? '').matchAll(/^[ \t]*-[ \t]*["']?([^"'\s#]+)/gm)].map((one) => one[1] as string)
}

function memberScripts(look: RepoFiles, patterns: readonly string[]): ScriptSource[] {
  const [out, inside] = split(patterns.filter((one) => !one.includes('..') && !/^!?\//.test(one)))
  const left = usable(out.map((one) => one.slice(1))).map(compileGlob)
  return [...new Set(usable(inside).flatMap((one) => directoriesOf(look, one)))]
    .filter((dir) => !left.some((test) => test(dir)))
    .sort()
    .slice(0, MAX_MEMBERS)
    .flatMap((dir) => {
      const file = `${dir}/package.json`
      const json = parseJson(look.text(file) ?? '', file)
      return json.ok && isObject(json.value) ? [readScripts(json.value, 'npm', file)] : []
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
function directoriesOf(look: RepoFiles, pattern: string): string[] {
  const { base, rest } = splitGlob(pattern)
  // An escape hides them from a look at the pattern.
  if (base.split('/').includes('..')) return []
  const matches = compileGlob(pattern)
  const deep = pattern.includes('**') ? MAX_DEPTH : pattern.split('/').length
  const dirs: string[] = []
  let level = [base]
  for (let visited = 0, down = 0; level.length > 0 && down <= deep; down++) {
    dirs.push(...level.filter((dir) => dir !== '' && matches(dir)))
    // A pattern without a wildcard is its base.
    if (rest === '') break
    const next = level.flatMap((dir) =>
      visited > MAX_VISITED
        ? []
        : look.directories(dir).flatMap((name) => {
            visited += 1
            return name === 'node_modules' || name.startsWith('.')
              ? []
              : [dir === '' ? name : `${dir}/${name}`]
          }),
    )
    level = next
  }
  return dirs
}
