/**
 * Where tools keep what they made of sources, to be made again only where those differ: by content, or by times that a room
 * gives its files. Globs.
 */
export const WARM_CACHES: readonly string[] = [
  '**/target/**',
  '**/.next/cache/**',
  '**/.turbo/**',
  '**/.nx/cache/**',
  '**/node_modules/.cache/**',
  '**/.gradle/**',
  '**/.mypy_cache/**',
  '**/.ruff_cache/**',
  '**/.parcel-cache/**',
  '**/*.tsbuildinfo',
]
