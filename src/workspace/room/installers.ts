/*
 * Programs that install what lock files and manifests say, and read nothing else of a tree. What they make is kept for every tree
 * with the same ones. Any other step of `prepare` may read whatever it likes, so it is run for each tree anew.
 */

/** The words that an installer's command begins with, without a directory or version. */
const INSTALLERS: readonly (readonly string[])[] = [
  ['npm', 'ci'],
  ['npm', 'rebuild'],
  ['pnpm', 'install'],
  ['yarn', 'install'],
  ['bun', 'install'],
  ['uv', 'sync'],
  ['poetry', 'install'],
  ['bundle', 'install'],
  ['composer', 'install'],
  ['go', 'mod', 'download'],
  ['cargo', 'fetch'],
]

/** What they read: manifests, lock files and settings, wherever they lie; patches. */
const INPUTS =
  /(?:^|\/)(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lockb?|\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.cjs|bunfig\.toml|pyproject\.toml|uv\.(?:lock|toml)|poetry\.(?:lock|toml)|requirements[^/]*\.(?:txt|in)|setup\.(?:py|cfg)|Gemfile(?:\.lock)?|[^/]+\.gemspec|composer\.(?:json|lock)|go\.(?:mod|sum|work)|Cargo\.(?:toml|lock)|\.(?:nvmrc|node-version|python-version|ruby-version|tool-versions))$|(?:^|\/)(?:patches|\.yarn)\//

/** Whether a step reads nothing of the tree but `isInput` files. */
export function isInstaller(argv: readonly string[]): boolean {
  const [program = '', ...rest] = argv
  const words = [program.slice(program.lastIndexOf('/') + 1), ...rest]
  return INSTALLERS.some((installer) => installer.every((word, at) => words[at] === word))
}

export const isInput = (file: string): boolean => INPUTS.test(file)
