import { LIFECYCLE_SCRIPTS } from '../../contract/lifecycle.ts'
import { programOf } from '../collection.ts'
import { PACKAGE_MANAGERS, type PackageManager, managers } from './managers.ts'

/** What a package manager is asked to do, as far as it decides which code runs. */
export interface ManagerCall {
  readonly manager: PackageManager
  /** Directory options in order, each relative to the one before. */
  readonly dirs: readonly string[]
  /** Script names or patterns. */
  readonly scripts: readonly string[]
  /** A tool of node_modules/.bin with its arguments. */
  readonly tool: readonly string[] | null
  /** `exec -c <text>`. */
  readonly text: string | null
  /** Workspace members by name or directory. */
  readonly filters: readonly string[]
  /** All workspace members. */
  readonly wide: boolean
}

const RUN = new Set(['run', 'run-script', 'rum', 'urn'])
const EXEC = new Set(['exec', 'x', 'dlx'])
const INSTALL = new Set(['install', 'i', 'ci', 'add', 'clean-install', 'in', 'rebuild'])

/** Reads the argv of a package manager, of its `exec` under another name (npx, bunx), or of corepack; null for anything else. */
export function parseManager(argv: readonly string[]): ManagerCall | null {
  const program = programOf(argv)
  const args = argv.slice(1)
  if (program === 'corepack') return parseManager(args)
  for (const manager of PACKAGE_MANAGERS) {
    const { aliases, executors } = managers[manager]
    if (program === manager || aliases.includes(program)) return parse(manager, args, [])
    if (executors.includes(program)) return parse(manager, ['exec', ...args], [])
  }
  return null
}

function parse(manager: PackageManager, args: readonly string[], outer: readonly string[]): ManagerCall {
  const spec = managers[manager]
  const dirs: string[] = []
  const filters = [...outer]
  const words: string[] = []
  let wide = false
  let text: string | null = null
  let tool: readonly string[] | null = null
  let at = 0
  for (; at < args.length; at++) {
    const arg = args[at] as string
    if (arg === '--') break
    if (!arg.startsWith('-')) {
      // `exec` takes everything from its first word on; all but npm pass on what follows a script's name.
      if (EXEC.has(words[0] ?? '')) break
      words.push(arg)
      if (!spec.strict && words.length > (RUN.has(words[0] ?? '') ? 1 : 0) && !goesOn(manager, words)) break
      continue
    }
    const [name, inline] = arg.startsWith('--') && arg.includes('=') ? splitOnce(arg) : [arg, null]
    const value = inline ?? args[at + 1]
    const takes = [spec.dir, spec.filter, spec.text, spec.valued].some((names) => names.includes(name))
    if (takes && inline === null) at++
    if (spec.dir.includes(name) && value !== undefined) dirs.push(value)
    if (spec.filter.includes(name) && value !== undefined) filters.push(value)
    if (spec.text.includes(name)) text = value ?? null
    if (spec.wide.includes(name)) wide = true
  }
  const [verb, second] = words
  const scripts: string[] = []
  if (spec.workspaceVerbs && verb === 'workspace' && second !== undefined) {
    const inner = parse(manager, args.slice(args.indexOf(second) + 1), [...filters, second])
    return { ...inner, dirs: [...dirs, ...inner.dirs] }
  }
  if (spec.workspaceVerbs && verb === 'workspaces') {
    const from = args.findIndex((arg) => arg === 'run' || arg === 'exec')
    if (from !== -1) return { ...parse(manager, args.slice(from), filters), dirs, wide: true }
  }
  if (verb === undefined || INSTALL.has(verb)) {
    if (verb !== undefined || !spec.strict) scripts.push(...LIFECYCLE_SCRIPTS)
  } else if (RUN.has(verb)) {
    if (second !== undefined) scripts.push(second)
    if (spec.ownRunner !== null && second !== undefined)
      tool = [second, ...args.slice(args.indexOf(second) + 1)]
  } else if (EXEC.has(verb)) {
    const rest = args.slice(args[at] === '--' ? at + 1 : at)
    tool = rest.length > 0 ? rest : null
  } else if (['test', 't', 'tst'].includes(verb)) {
    // `bun test` is bun's own runner, not the script.
    if (spec.ownRunner !== null) tool = [spec.ownRunner, ...args.slice(at + 1)]
    else scripts.push('test')
  } else {
    scripts.push(verb)
    if (verb === 'restart') scripts.push('stop', 'start')
    if (!spec.strict) tool = args.slice(args.indexOf(verb))
  }
  return { manager, dirs, scripts, tool, text, filters, wide }
}

/** Does the manager's own grammar go on after these words? */
function goesOn(manager: PackageManager, words: readonly string[]): boolean {
  const verb = words[0] ?? ''
  if (EXEC.has(verb)) return true
  if (RUN.has(verb)) return words.length < 2
  return (
    managers[manager].workspaceVerbs && (verb === 'workspaces' || verb === 'workspace') && words.length < 2
  )
}

function splitOnce(arg: string): [string, string] {
  const at = arg.indexOf('=')
  return [arg.slice(0, at), arg.slice(at + 1)]
}
