import path from 'node:path'
import { readTextSafe } from '../../base/read-file.ts'
import { tomlValues } from '../../base/toml.ts'

/** What the person's config.toml says about the Codex that a batch starts. */
export interface PersonConfig {
  /** Whether its provider is one that the sign-in of Codex is for. */
  readonly needsSignIn: boolean
  /** It is there and is no TOML. */
  readonly isBroken: boolean
  /** Whether it trusts the project in this directory. */
  readonly isTrusted: (top: string) => boolean
}

/** One that cannot be read says nothing: Codex itself then says what is wrong with it. */
export function personConfig(codexHome: string): PersonConfig {
  const text = readTextSafe(path.join(codexHome, 'config.toml'), { maxBytes: 1 << 20 })
  const read = text.ok ? tomlValues(text.value) : null
  const values = read?.ok === true ? read.value : []
  const valueAt = (...names: readonly string[]): string | boolean | undefined =>
    values.findLast((one) => one.path.join('\0') === names.join('\0'))?.value
  const provider = valueAt('model_provider') ?? OPENAI
  return {
    isBroken: read?.ok === false,
    needsSignIn:
      provider === OPENAI || isTrue(valueAt('model_providers', String(provider), 'requires_openai_auth')),
    isTrusted: (top) => valueAt('projects', top, 'trust_level') === 'trusted',
  }
}

const OPENAI = 'openai'
const isTrue = (value: string | boolean | undefined): boolean => value === true || value === 'true'
