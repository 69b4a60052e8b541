import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Env } from '../base/env.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { type Codex, codexAt, findCodex } from '../codex/find-codex.ts'

/** Whose Codex it is: the one that was named, the person's own, or the development dependency of a clone. */
export type CodexOrigin = 'named' | 'person' | 'clone'
export type ChosenCodex = Codex & { readonly origin: CodexOrigin }

/**
 * The Codex to show: the one named, else this person's, else the development dependency beside `ourFile` (a clone).
 * The latter is good enough here although an agent could have replaced it: a proof protects nothing.
 * Codes: codex-missing, codex-unusable, codex-too-old.
 */
export function whichCodex(env: Env, named: string | null, ourFile: string): Result<ChosenCodex> {
  // Even `codex --version` writes into its home; this one is not there, and is not made.
  const vars = { ...env.vars, CODEX_HOME: '/nonexistent' }
  if (named !== null) return from('named', at(path.resolve(env.cwd, named), vars))
  const own = findCodex({ ...env, vars })
  if (own.ok || own.error.code !== 'codex-missing') return from('person', own)
  const bundled = beside(ourFile)
  return bundled === null ? own : from('clone', at(bundled, vars))
}

function from(origin: CodexOrigin, codex: Result<Codex>): Result<ChosenCodex> {
  return codex.ok ? ok({ ...codex.value, origin }) : codex
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
