import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { projectRoot } from './root.ts'

export type CodexVersion = '0.169' | '0.125'

const PACKAGES: Readonly<Record<CodexVersion, string>> = { '0.169': '@openai/codex', '0.125': 'codex-0.125' }

/**
 * The native binary of an installed Codex (the JavaScript launcher costs 50 ms at each start). Throws with the
 * command that installs it; a test that can live without it asks `hasCodex` first.
 */
export function codexBinary(version: CodexVersion): string {
  const found = nativeBinary(version)
  if (!found)
    throw new Error(`codex ${version} is not installed for ${process.platform}-${process.arch}: npm ci`)
  return found
}

export function hasCodex(version: CodexVersion): boolean {
  return nativeBinary(version) !== undefined
}

function nativeBinary(version: CodexVersion): string | undefined {
  const launcher = path.join(projectRoot, 'node_modules', PACKAGES[version], 'package.json')
  try {
    const platform = createRequire(launcher).resolve(
      `@openai/codex-${process.platform}-${process.arch}/package.json`,
    )
    const vendor = path.join(path.dirname(platform), 'vendor')
    // One directory per target triple; 0.125 keeps the binary in codex/, later ones in bin/.
    return fs
      .readdirSync(vendor)
      .flatMap((triple) => ['bin', 'codex'].map((dir) => path.join(vendor, triple, dir, 'codex')))
      .find((file) => fs.existsSync(file))
  } catch {
    return undefined
  }
}
