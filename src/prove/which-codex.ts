import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Env } from '../base/env.ts'
import { type Result, fail } from '../base/result.ts'
import { type Codex, codexAt, findCodex } from '../codex/find-codex.ts'

/**
 * The Codex to show: the one named, else this person's, else the development dependency beside `ourFile` (a clone).
 * The latter is good enough here although an agent could have replaced it: a proof protects nothing.
 * Codes: codex-missing, codex-unusable, codex-too-old.
 */
export function whichCodex(env: Env, named: string | null, ourFile: string): Result<Codex> {
  // Even `codex --version` writes into its home; this one is not there, and is not made.
  const vars = { ...env.vars, CODEX_HOME: '/nonexistent' }
  if (named !== null) return at(path.resolve(env.cwd, named), vars)
  const own = findCodex({ ...env, vars })
  if (own.ok || own.error.code !== 'codex-missing') return own
  const bundled = beside(ourFile)
  return bundled === null ? own : at(bundled, vars)
}

function at(file: string, vars: Env['vars']): Result<Codex> {
  if (!fs.existsSync(file))
    return fail('codex-missing', `${file} does not exist`, { fix: 'autonomous-loop prove --codex <path>' })
  return codexAt(file, vars)
}

function beside(ourFile: string): string | null {
  try {
    const manifest = createRequire(ourFile).resolve('@openai/codex/package.json')
    return path.join(path.dirname(manifest), 'bin', 'codex.js')
  } catch {
    return null
  }
}
