import path from 'node:path'
import { isDirectory } from '../base/file-kind.ts'
import { isWithin } from '../base/within.ts'

export interface CacheInput {
  /** The controller's home. */
  readonly home: string
  readonly codexHome: string
  /** HOME, XDG_* and the tools' own variables are taken from here. */
  readonly vars: Readonly<Record<string, string | undefined>>
}

/**
 * The caches that gates may write without being told, as far as they exist: answers of registries, which are checked
 * against checksums or asked for again, and what compilers and checkers derive and would derive again. Never a
 * directory of programs that a person would start, and no cache of unpacked or built packages (`~/.cargo/registry`,
 * `~/.m2/repository`, uv's archives, Go's modules, stores of pnpm, bun and yarn): agent-written code would leave the
 * sandbox through it, with the person's next build. Those stay readable, which is all that a gate without network needs.
 */
export function cacheDirectories(
  input: CacheInput,
  exists: (dir: string) => boolean = isDirectory,
): string[] {
  const home = input.vars['HOME']
  if (home === undefined || !path.isAbsolute(home)) return []
  const ours = [input.home, input.codexHome].map((dir) => path.resolve(dir))
  const found = candidates(home, input.vars)
    .filter((dir) => path.isAbsolute(dir))
    .map((dir) => path.resolve(dir))
    .filter((dir) => !isWithin(home, dir) && !holdsPrograms(dir) && !isPattern(dir))
    .filter((dir) => !ours.some((own) => isWithin(own, dir) || isWithin(dir, own)))
    .filter(exists)
  return [...new Set(found)].filter((dir) => !found.some((other) => other !== dir && isWithin(dir, other)))
}

function candidates(home: string, vars: CacheInput['vars']): string[] {
  const at = (dir: string, ...names: string[]): string[] => names.map((name) => path.join(dir, name))
  const set = (names: string[], fallback: string): string =>
    names.map((name) => vars[name]).find((value) => value !== undefined && value !== '') ?? fallback
  const xdg = set(['XDG_CACHE_HOME'], path.join(home, '.cache'))
  const data = set(['XDG_DATA_HOME'], path.join(home, '.local/share'))
  const mac = path.join(home, 'Library/Caches')
  return [
    ...at(set(['npm_config_cache', 'NPM_CONFIG_CACHE'], path.join(home, '.npm')), '_cacache', '_logs'),
    ...at(path.join(home, '.yarn/berry'), 'metadata'),
    ...at(data, 'NuGet/v3-cache', 'NuGet/http-cache'),
    // Not its wheels: those that were built here are installed unchecked. Unset, the name is relative and falls out.
    ...[path.join(xdg, 'pip'), path.join(mac, 'pip'), set(['PIP_CACHE_DIR'], '')].flatMap((dir) =>
      at(dir, 'http', 'http-v2'),
    ),
    // Not its artifacts and virtualenvs.
    ...[path.join(xdg, 'pypoetry'), path.join(mac, 'pypoetry'), set(['POETRY_CACHE_DIR'], '')].flatMap(
      (dir) => at(dir, 'cache'),
    ),
    ...at(xdg, 'go-build', 'golangci-lint', 'staticcheck', 'ccache', 'sccache', 'ruff', 'mypy'),
    // Not the packages in `p`.
    ...at(path.join(xdg, 'zig'), 'b', 'h', 'o', 'tmp', 'z'),
    ...at(mac, 'go-build', 'Mozilla.sccache'),
    set(['GOCACHE'], ''),
    set(['CCACHE_DIR'], path.join(home, '.ccache')),
    set(['SCCACHE_DIR'], ''),
  ]
}

/** Codex's sandbox cannot name such a directory; a default that it refuses would stop every gate. */
const isPattern = (dir: string): boolean => /[*?[\]\t\n\r]/.test(dir)

const PROGRAM_DIRECTORIES = new Set(['bin', '.bin', 'sbin', 'shims', 'Scripts'])

function holdsPrograms(dir: string): boolean {
  return dir === path.parse(dir).root || dir.split(path.sep).some((name) => PROGRAM_DIRECTORIES.has(name))
}
