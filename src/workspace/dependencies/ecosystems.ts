import type { Ecosystem } from './dependency-change.ts'
import { cargoLock } from './cargo-lock.ts'
import { cargoManifest } from './cargo-manifest.ts'
import { composerJson, composerLock } from './composer.ts'
import { gemfile, gemfileLock } from './gemfile.ts'
import { pdmLock } from './pdm-lock.ts'
import { pipfile, pipfileLock } from './pipenv.ts'
import { poetryLock } from './poetry-lock.ts'
import { pyproject } from './pyproject.ts'
import { requirements } from './requirements-txt.ts'
import { uvLock } from './uv-lock.ts'
import { goMod, goSum } from './go-mod.ts'
import { npmLock } from './npm-lock.ts'
import { packageJson } from './npm-manifest.ts'
import { pnpmLock } from './pnpm-lock.ts'
import { yarnLock } from './yarn-lock.ts'
import type { LockFormat, ManifestFormat } from './parts.ts'

/** One ecosystem: which files it has, and who reads them. */
export interface EcosystemRow {
  readonly ecosystem: Ecosystem
  /** By the path. */
  readonly manifests: readonly { readonly name: RegExp; readonly format: ManifestFormat }[]
  /** By their name. A manifest belongs to those of the nearest directory that has one. */
  readonly locks: Readonly<Record<string, LockFormat>>
}

export const ECOSYSTEMS: readonly EcosystemRow[] = [
  {
    ecosystem: 'node',
    manifests: [{ name: /(?:^|\/)package\.json$/, format: packageJson }],
    locks: {
      'package-lock.json': npmLock,
      'npm-shrinkwrap.json': npmLock,
      'pnpm-lock.yaml': pnpmLock,
      'yarn.lock': yarnLock,
    },
  },
  {
    ecosystem: 'python',
    manifests: [
      { name: /(?:^|\/)(?:requirements[^/]*\.txt|requirements\/[^/]+\.txt)$/, format: requirements },
      { name: /(?:^|\/)pyproject\.toml$/, format: pyproject },
      { name: /(?:^|\/)Pipfile$/, format: pipfile },
    ],
    locks: { 'uv.lock': uvLock, 'poetry.lock': poetryLock, 'pdm.lock': pdmLock, 'Pipfile.lock': pipfileLock },
  },
  {
    ecosystem: 'rust',
    manifests: [{ name: /(?:^|\/)Cargo\.toml$/, format: cargoManifest }],
    locks: { 'Cargo.lock': cargoLock },
  },
  {
    ecosystem: 'go',
    manifests: [{ name: /(?:^|\/)go\.mod$/, format: goMod }],
    locks: { 'go.sum': goSum },
  },
  {
    ecosystem: 'ruby',
    manifests: [{ name: /(?:^|\/)Gemfile$/, format: gemfile }],
    locks: { 'Gemfile.lock': gemfileLock },
  },
  {
    ecosystem: 'php',
    manifests: [{ name: /(?:^|\/)composer\.json$/, format: composerJson }],
    locks: { 'composer.lock': composerLock },
  },
]
