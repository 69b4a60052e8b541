import path from 'node:path'
import { isDirectory } from '../base/file-kind.ts'
import type { CacheInput } from './cache-directories.ts'

/**
 * Where package managers keep what they fetched, as far as it exists: what they unpack and build from there is believed. No gate may
 * write it; a step of `prepare` writes to directories of ours that are shown in their place.
 */
export function packageCaches(
  { vars }: Pick<CacheInput, 'vars'>,
  exists: (dir: string) => boolean = isDirectory,
): string[] {
  const home = vars['HOME']
  if (home === undefined || !path.isAbsolute(home)) return []
  const set = (names: readonly string[], fallback: string): string =>
    names.map((name) => vars[name]).find((value) => value !== undefined && value !== '') ?? fallback
  const at = (dir: string, ...names: readonly string[]): string[] => names.map((name) => path.join(dir, name))
  const xdg = set(['XDG_CACHE_HOME'], path.join(home, '.cache'))
  const data = set(['XDG_DATA_HOME'], path.join(home, '.local/share'))
  return [
    set(['npm_config_cache', 'NPM_CONFIG_CACHE'], path.join(home, '.npm')),
    ...at(xdg, 'pnpm', 'yarn', 'node/corepack', 'pip', 'uv', 'pypoetry', 'pdm', 'pipenv', 'composer'),
    ...at(data, 'pnpm/store'),
    set(['YARN_CACHE_FOLDER'], path.join(home, '.yarn/berry')),
    path.join(set(['BUN_INSTALL'], path.join(home, '.bun')), 'install/cache'),
    ...['PIP_CACHE_DIR', 'UV_CACHE_DIR', 'POETRY_CACHE_DIR', 'COMPOSER_CACHE_DIR'].map((name) =>
      set([name], ''),
    ),
    set(['BUNDLE_USER_CACHE'], path.join(home, '.bundle/cache')),
  ]
    .filter((dir) => path.isAbsolute(dir))
    .map((dir) => path.resolve(dir))
    .filter((dir, index, all) => all.indexOf(dir) === index)
    .filter(exists)
}
