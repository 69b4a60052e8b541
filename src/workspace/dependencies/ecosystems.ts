import type { Ecosystem } from './dependency-change.ts'
import { npmLock } from './npm-lock.ts'
import { packageJson } from './npm-manifest.ts'
import { pnpmLock } from './pnpm-lock.ts'
import { yarnLock } from './yarn-lock.ts'
import type { LockFormat, ManifestFormat } from './parts.ts'

/** One ecosystem: which files it has, and who reads them. */
export interface EcosystemRow {
  readonly ecosystem: Ecosystem
  readonly manifests: readonly { readonly name: RegExp; readonly format: ManifestFormat }[]
  /** By their name. A manifest belongs to those of the nearest directory that has one. */
  readonly locks: Readonly<Record<string, LockFormat>>
}

export const ECOSYSTEMS: readonly EcosystemRow[] = [
  {
    ecosystem: 'node',
    manifests: [{ name: /^package\.json$/, format: packageJson }],
    locks: {
      'package-lock.json': npmLock,
      'npm-shrinkwrap.json': npmLock,
      'pnpm-lock.yaml': pnpmLock,
      'yarn.lock': yarnLock,
    },
  },
]
