import fs from 'node:fs'
import path from 'node:path'
import { isDirectory } from '../base/file-kind.ts'
import { type CacheInput, cacheDirectories } from './cache-directories.ts'
import { packageCaches } from './package-caches.ts'

/** Caches without which a program fails or says so at every call, by their directory's name. */
const NEEDED: Readonly<Record<string, string>> = {
  'go-build': 'go',
  'golangci-lint': 'golangci-lint',
  staticcheck: 'staticcheck',
  _cacache: 'npm',
  _logs: 'npm',
}

/**
 * The caches that gates may write. Those that a fresh machine lacks are made first: in a sandbox they cannot be. Only for
 * programs that gates find on their PATH, so that nobody gets directories of tools they do not have.
 */
export function cachesMadeFirst(input: CacheInput, gatePath: string): string[] {
  const { GOCACHE } = input.vars
  const needs = (dir: string): string | undefined => (dir === GOCACHE ? 'go' : NEEDED[path.basename(dir)])
  return cacheDirectories(input, (dir) => {
    if (isDirectory(dir)) return true
    const program = needs(dir)
    // Another system's place for caches.
    if (program === undefined || (process.platform !== 'darwin' && dir.includes('/Library/'))) return false
    return isOnPath(program, gatePath) && make(dir)
  })
}

/** The same of `packageCaches`: pnpm ends where it cannot make its store. */
export function packageCachesMadeFirst(input: Pick<CacheInput, 'vars'>, gatePath: string): string[] {
  return packageCaches(input, (dir) => {
    if (isDirectory(dir)) return true
    return dir.endsWith('/pnpm/store') && isOnPath('pnpm', gatePath) && make(dir)
  })
}

function isOnPath(program: string, gatePath: string): boolean {
  return gatePath.split(path.delimiter).some((dir) => dir !== '' && fs.existsSync(path.join(dir, program)))
}

/** Where it cannot be made the gate says so itself. */
function make(dir: string): boolean {
  try {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
    return true
  } catch {
    return false
  }
}
