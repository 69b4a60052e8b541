import { programOf } from '../collection.ts'

export type ManagerName = 'npm' | 'pnpm' | 'yarn' | 'bun'

/** What a package manager is asked to do, as far as it decides which code runs. */
export interface ManagerCall {
  readonly manager: ManagerName
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

interface Options {
  readonly dir: readonly string[]
  readonly filter: readonly string[]
  readonly wide: readonly string[]
  readonly valued: readonly string[]
}
const OPTIONS: Readonly<Record<ManagerName, Options>> = {
  npm: {
    dir: ['-C', '--prefix'],
    filter: ['-w', '--workspace'],
    wide: ['-ws', '--workspaces'],
    valued: [
      '--loglevel',
      '--script-shell',
      '--userconfig',
      '--globalconfig',
      '--cache',
      '--registry',
      '-c',
      '--call',
      '-p',
      '--package',
      '--node-options',
    ],
  },
  pnpm: {
    dir: ['-C', '--dir'],
    filter: ['-F', '--filter', '--filter-prod'],
    wide: ['-r', '--recursive'],
    valued: ['--loglevel', '--reporter', '--workspace-concurrency', '--resume-from', '--package', '--config'],
  },
  yarn: {
    dir: ['--cwd'],
    filter: [],
    wide: [],
    valued: ['--include', '--exclude', '--from', '-j', '--jobs', '--since', '-p', '--package'],
  },
  bun: {
    dir: ['--cwd'],
    filter: ['-F', '--filter'],
    wide: [],
    valued: ['--env-file', '-r', '--preload', '-c', '--config', '--shell'],
  },
}
const LIFECYCLE = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
  'pnpm:devPreinstall',
]
const RUN = new Set(['run', 'run-script', 'rum', 'urn'])
const EXEC = new Set(['exec', 'x', 'dlx'])
const INSTALL = new Set(['install', 'i', 'ci', 'add', 'clean-install', 'in', 'rebuild'])
const EXECUTORS: Readonly<Record<string, ManagerName>> = {
  npx: 'npm',
  pnpx: 'pnpm',
  pnpm_dlx: 'pnpm',
  bunx: 'bun',
  yarnpkg: 'yarn',
}

/** Reads the argv of npm, pnpm, yarn, bun, npx, pnpx, bunx, corepack; null for anything else. */
export function parseManager(argv: readonly string[]): ManagerCall | null {
  const program = programOf(argv)
  if (program === 'corepack') return parseManager(argv.slice(1))
  if (program === 'npx' || program === 'pnpx' || program === 'bunx')
    return parse(EXECUTORS[program] as ManagerName, ['exec', ...argv.slice(1)], [])
  if (program === 'yarnpkg') return parse('yarn', argv.slice(1), [])
  return program === 'npm' || program === 'pnpm' || program === 'yarn' || program === 'bun'
    ? parse(program, argv.slice(1), [])
    : null
}

function parse(manager: ManagerName, args: readonly string[], outer: readonly string[]): ManagerCall {
  const options = OPTIONS[manager]
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
      // `exec` takes everything from its first word on; yarn, pnpm and bun pass on what follows a script's name.
      if (EXEC.has(words[0] ?? '')) break
      words.push(arg)
      if (manager !== 'npm' && words.length > (RUN.has(words[0] ?? '') ? 1 : 0) && !goesOn(manager, words))
        break
      continue
    }
    const [name, inline] = arg.startsWith('--') && arg.includes('=') ? splitOnce(arg) : [arg, null]
    const value = inline ?? args[at + 1]
    const takes = options.dir.includes(name) || options.filter.includes(name) || options.valued.includes(name)
    if (takes && inline === null) at++
    if (options.dir.includes(name) && value !== undefined) dirs.push(value)
    if (options.filter.includes(name) && value !== undefined) filters.push(value)
    if ((name === '-c' || name === '--call') && manager === 'npm') text = value ?? null
    if (options.wide.includes(name)) wide = true
  }
  const [verb, second] = words
  const scripts: string[] = []
  if (manager === 'yarn' && verb === 'workspace' && second !== undefined) {
    const inner = parse('yarn', args.slice(args.indexOf(second) + 1), [...filters, second])
    return { ...inner, dirs: [...dirs, ...inner.dirs] }
  }
  if (manager === 'yarn' && verb === 'workspaces') {
    const from = args.findIndex((arg) => arg === 'run' || arg === 'exec')
    if (from !== -1) return { ...parse('yarn', args.slice(from), filters), dirs, wide: true }
  }
  if (verb === undefined || INSTALL.has(verb)) {
    if (verb !== undefined || manager !== 'npm') scripts.push(...LIFECYCLE)
  } else if (RUN.has(verb)) {
    if (second !== undefined) scripts.push(second)
    if (manager === 'bun' && second !== undefined) tool = [second, ...args.slice(args.indexOf(second) + 1)]
  } else if (EXEC.has(verb)) {
    const rest = args.slice(args[at] === '--' ? at + 1 : at)
    tool = rest.length > 0 ? rest : null
  } else if (['test', 't', 'tst'].includes(verb)) {
    // `bun test` is bun's own runner, not the script.
    if (manager === 'bun') tool = ['bun-test', ...args.slice(at + 1)]
    else scripts.push('test')
  } else {
    scripts.push(verb)
    if (verb === 'restart') scripts.push('stop', 'start')
    if (manager !== 'npm') tool = args.slice(args.indexOf(verb))
  }
  return { manager, dirs, scripts, tool, text, filters, wide }
}

/** Does the manager's own grammar go on after these words? */
function goesOn(manager: ManagerName, words: readonly string[]): boolean {
  const verb = words[0] ?? ''
  if (EXEC.has(verb)) return true
  if (RUN.has(verb)) return words.length < 2
  return manager === 'yarn' && (verb === 'workspaces' || verb === 'workspace') && words.length < 2
}

function splitOnce(arg: string): [string, string] {
  const at = arg.indexOf('=')
  return [arg.slice(0, at), arg.slice(at + 1)]
}
