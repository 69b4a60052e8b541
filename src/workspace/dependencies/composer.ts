import { jsonObject, without } from './npm-manifest.ts'
import { type LockFormat, type ManifestFormat, wantsOf } from './parts.ts'
import { tableAt } from './toml-text.ts'

const TABLES = ['require', 'require-dev']

/**
 * `composer.json`. Its lock file says where each archive lies and, for packages of packagist.org, not what is in it: nobody can
 * tell that an added package is the one of its name. Plug-ins and `autoload.files` run by mere installation besides.
 */
export const composerJson: ManifestFormat = {
  read: (text) => {
    const json = jsonObject(text)
    const wants = TABLES.flatMap((group) =>
      Object.entries(tableAt(json, group)).map(([name, spec]) => ({
        group,
        name,
        spec,
        fault: 'no-integrity' as const,
      })),
    )
    return { wants: wantsOf(wants), rest: without(json, TABLES) }
  },
  merge: null,
}

export const composerLock: LockFormat = {
  read: (text) => ({
    packages: new Map(),
    asks: null,
    ways: new Map(),
    find: () => undefined,
    rest: jsonObject(text),
  }),
  registries: [],
  weaker: () => false,
  merge: null,
}
