import path from 'node:path'
import type { OwnRepository } from './types.ts'

/** Where our copies of large files lie. */
export function lfsStore(own: OwnRepository): string {
  return path.join(own.data, 'lfs')
}

/**
 * Settings by which git stores and writes large files through `git-lfs`, as variables: a work tree has no say in them. It stays in
 * our store: a file that is missing there is a failure and is not asked for elsewhere.
 */
export function lfsSettings(own: OwnRepository): Readonly<Record<string, string>> {
  if (own.lfs === null) return {}
  const program = `'${own.lfs.replaceAll("'", "'\\''")}'`
  const settings = [
    ['filter.lfs.process', `${program} filter-process`],
    ['filter.lfs.clean', `${program} clean -- %f`],
    ['filter.lfs.smudge', `${program} smudge -- %f`],
    ['filter.lfs.required', 'true'],
    ['lfs.storage', lfsStore(own)],
    ['lfs.url', 'file:///nonexistent'],
    ['lfs.fetchinclude', ''],
    ['lfs.fetchexclude', ''],
  ] as const
  return {
    PATH: `${path.dirname(own.git)}:/usr/bin:/bin`,
    GIT_LFS_SKIP_SMUDGE: '0',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], nth) => [
        [`GIT_CONFIG_KEY_${nth}`, key],
        [`GIT_CONFIG_VALUE_${nth}`, value],
      ]),
    ),
  }
}
