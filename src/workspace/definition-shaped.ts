import path from 'node:path'

/** What tools and runtimes load by its name alone, wherever they are started. */
const NAMES =
  /^(?:\..*|(?:gnu)?makefile|rakefile|gemfile|dockerfile|justfile|procfile|conftest\.py|(?:site|user)customize\.py|setup\.py|build\.rs|.*\.(?:json|jsonc|json5|toml|ini|cfg|conf|ya?ml|lock|mk|pth|gradle|kts|properties|props|targets|csproj)|.*[._-](?:config|setup|rc)\.[^.]+)$/i
/** Directories of tools. */
const TOOLS = /(?:^|\/)(?:node_modules|\.?venv|vendor|\.bin)(?:\/|$)/

/**
 * Whether a file that one step made could give the next one another meaning: it is named as settings are, in a directory where
 * tools look for them (one that holds sources), or it is a tool. In `dist/`, which only outputs are in, nothing is.
 */
export function isDefinitionShaped(file: string, sourceDirectories: ReadonlySet<string>): boolean {
  if (TOOLS.test(file)) return true
  const dir = path.posix.dirname(file)
  return (dir === '.' || sourceDirectories.has(dir)) && NAMES.test(path.posix.basename(file))
}
