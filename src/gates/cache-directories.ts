import fs from 'node:fs'
import path from 'node:path'
import { isWithin } from '../base/within.ts'

export interface CacheInput {
  /** The controller's home. */
  readonly home: string
  readonly codexHome: string
  /** HOME, XDG_* and the tools' own variables are taken from here. */
  readonly vars: Readonly<Record<string, string | undefined>>
}

/**
 * Where each ecosystem keeps what it downloads and derives, as far as it exists: gates may write there without being
 * told. Never a directory of programs that a person would start (`~/.cargo/bin`, browsers, hook environments), because
 * agent-written code would then leave the sandbox through it.
 */
export function cacheDirectories(
  input: CacheInput,
  exists: (dir: string) => boolean = fs.existsSync,
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
  const cargo = set(['CARGO_HOME'], path.join(home, '.cargo'))
  const go = set(['GOPATH'], path.join(home, 'go')).split(path.delimiter)[0] ?? ''
  return [
    ...at(set(['npm_config_cache', 'NPM_CONFIG_CACHE'], path.join(home, '.npm')), '_cacache', '_logs'),
    ...at(set(['PNPM_HOME'], path.join(data, 'pnpm')), 'store'),
    ...at(data, 'pnpm/store', 'NuGet/v3-cache', 'NuGet/http-cache'),
    ...at(path.join(home, 'Library/pnpm'), 'store'),
    set(['YARN_CACHE_FOLDER'], path.join(xdg, 'yarn')),
    ...at(path.join(home, '.yarn/berry'), 'cache', 'index', 'metadata'),
    ...at(set(['BUN_INSTALL'], path.join(home, '.bun')), 'install/cache'),
    set(['DENO_DIR'], path.join(xdg, 'deno')),
    ...['pip', 'uv', 'go-build', 'golangci-lint', 'staticcheck', 'node-gyp', 'typescript', 'turbo'].flatMap(
      (name) => at(xdg, name),
    ),
    ...[
      'pnpm',
      'composer',
      'ccache',
      'sccache',
      'zig',
      'rebar3',
      'org.swift.swiftpm',
      'ruff',
      'mypy',
    ].flatMap((name) => at(xdg, name)),
    ...['Yarn', 'pip', 'go-build', 'deno', 'org.swift.swiftpm', 'node-gyp', 'Mozilla.sccache'].flatMap(
      (name) => at(mac, name),
    ),
    set(['PIP_CACHE_DIR'], ''),
    set(['UV_CACHE_DIR'], ''),
    // Not its virtualenvs: a person starts the programs in them.
    ...[path.join(xdg, 'pypoetry'), path.join(mac, 'pypoetry'), set(['POETRY_CACHE_DIR'], '')].flatMap(
      (dir) => (dir === '' ? [] : at(dir, 'cache', 'artifacts')),
    ),
    // Cargo locks these files even when it only reads the registry.
    ...at(cargo, 'registry', 'git', '.package-cache', '.package-cache-mutate', '.global-cache'),
    set(['GOCACHE'], ''),
    set(['GOMODCACHE'], path.join(go, 'pkg/mod')),
    ...at(path.join(home, '.m2'), 'repository'),
    ...at(set(['GRADLE_USER_HOME'], path.join(home, '.gradle')), 'caches'),
    set(['NUGET_PACKAGES'], path.join(home, '.nuget/packages')),
    set(['BUNDLE_USER_CACHE'], path.join(home, '.bundle/cache')),
    set(['COMPOSER_CACHE_DIR'], path.join(home, '.composer/cache')),
    ...at(set(['PUB_CACHE'], path.join(home, '.pub-cache')), 'hosted'),
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
