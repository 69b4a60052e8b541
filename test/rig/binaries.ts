import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { projectRoot } from './root.ts'

/** The release that tests and `prove` run on unless they say otherwise, and the oldest that is supported. */
export const codexVersions = ['0.171', '0.169'] as const
export type CodexVersion = (typeof codexVersions)[number]
export const [currentCodex, oldestCodex] = codexVersions

const PACKAGES: Readonly<Record<CodexVersion, string>> = { '0.171': '@openai/codex', '0.169': 'codex-0.169' }

/**
 * The native binary of an installed Codex (the JavaScript launcher costs 50 ms at each start). Throws with the
 * command that installs it.
 */
export function codexBinary(version: CodexVersion = currentCodex): string {
  const found = nativeBinary(version)
  if (!found)
    throw new Error(`codex ${version} is not installed for ${process.platform}-${process.arch}: npm ci`)
  return found
}

function nativeBinary(version: CodexVersion): string | undefined {
  const launcher = path.join(projectRoot, 'node_modules', PACKAGES[version], 'package.json')
  try {
    const platform = createRequire(launcher).resolve(
      `@openai/codex-${process.platform}-${process.arch}/package.json`,
    )
    const vendor = path.join(path.dirname(platform), 'vendor')
    // One directory per target triple.
    return fs
      .readdirSync(vendor)
      .map((triple) => path.join(vendor, triple, 'bin/codex'))
      .find((file) => fs.existsSync(file))
  } catch {
    return undefined
  }
}
