/** What is known about a package manager. Whatever else differs is a table over `PackageManager` where it is used. */
interface ManagerSpec {
  /** Other names of its program. */
  readonly aliases: readonly string[]
  /** Programs that mean its `exec`. */
  readonly executors: readonly string[]
  readonly lockfiles: readonly string[]
  /** Settings that can change what `run` does: the shell, options of node, code that is loaded first. */
  readonly settings: readonly string[]
  /** Settings that dependencies are among. */
  readonly yaml: string | null
  /** Where the members of a workspace are named. */
  readonly membersIn: 'package.json' | 'pnpm-workspace.yaml'
  /** Options with a directory, with members of the workspace, for all members, and all others that take a value. */
  readonly dir: readonly string[]
  readonly filter: readonly string[]
  readonly wide: readonly string[]
  readonly valued: readonly string[]
  /** Options with a shell text to run. */
  readonly text: readonly string[]
  /** npm: a script gets only what follows `--`, an unknown verb starts nothing, and without a verb nothing is installed. */
  readonly strict: boolean
  /** `yarn workspace <member> …` and `yarn workspaces run …`. */
  readonly workspaceVerbs: boolean
  /** bun: `run` starts tools as well, and `test` is a runner of its own with this name. */
  readonly ownRunner: string | null
}

/** What most of them have in common. */
const usual = {
  aliases: [],
  executors: [],
  yaml: null,
  membersIn: 'package.json',
  text: [],
  strict: false,
  workspaceVerbs: false,
  ownRunner: null,
} as const

const table = {
  npm: {
    ...usual,
    executors: ['npx'],
    lockfiles: ['package-lock.json', 'npm-shrinkwrap.json'],
    settings: ['.npmrc'],
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
      '-p',
      '--package',
      '--node-options',
    ],
    text: ['-c', '--call'],
    strict: true,
  },
  pnpm: {
    ...usual,
    executors: ['pnpx'],
    lockfiles: ['pnpm-lock.yaml'],
    settings: ['.npmrc', '.pnpmfile.cjs', '.pnpmfile.mjs', 'pnpmfile.js'],
    yaml: 'pnpm-workspace.yaml',
    membersIn: 'pnpm-workspace.yaml',
    dir: ['-C', '--dir'],
    filter: ['-F', '--filter', '--filter-prod'],
    wide: ['-r', '--recursive'],
    valued: ['--loglevel', '--reporter', '--workspace-concurrency', '--resume-from', '--package', '--config'],
  },
  yarn: {
    ...usual,
    aliases: ['yarnpkg'],
    lockfiles: ['yarn.lock'],
    settings: ['.npmrc', '.yarnrc'],
    yaml: '.yarnrc.yml',
    dir: ['--cwd'],
    filter: [],
    wide: [],
    valued: ['--include', '--exclude', '--from', '-j', '--jobs', '--since', '-p', '--package'],
    workspaceVerbs: true,
  },
  bun: {
    ...usual,
    executors: ['bunx'],
    lockfiles: ['bun.lock', 'bun.lockb'],
    settings: ['.npmrc', 'bunfig.toml', '.env', '.env.test', '.env.local', '.env.test.local'],
    dir: ['--cwd'],
    filter: ['-F', '--filter'],
    wide: [],
    valued: ['--env-file', '-r', '--preload', '-c', '--config', '--shell'],
    ownRunner: 'bun-test',
  },
} as const satisfies Readonly<Record<string, ManagerSpec>>

export type PackageManager = keyof typeof table

export const managers: Readonly<Record<PackageManager, ManagerSpec>> = table

/** In the order in which their lockfiles are looked for. */
export const PACKAGE_MANAGERS = Object.keys(table) as readonly PackageManager[]

/** The script in `npm:test`, as `concurrently` and the like take it. */
export function shortcutOf(word: string): string | undefined {
  return new RegExp(`^(?:node|${PACKAGE_MANAGERS.join('|')}):(\\S+)`).exec(word)?.[1]
}
