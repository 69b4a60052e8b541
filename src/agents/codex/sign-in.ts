import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { codexAt } from '../../codex/find-codex.ts'
import { personConfig } from './person-config.ts'

/**
 * Whether this Codex is one that we know and has a sign-in where it needs one, asked before a batch: Codex itself looks only once it
 * is refused. `login status` knows neither keys in the environment nor providers of the person's own (0.169 and 0.171).
 * Codes: agent-signed-out, codex-unusable (also for settings that are broken), those of codexAt.
 */
export function codexReady(
  bin: string,
  codexHome: string,
  vars: Readonly<Record<string, string | undefined>>,
): Result<null> {
  const usable = codexAt(bin, { ...vars, CODEX_HOME: codexHome })
  if (!usable.ok) return usable
  if (!usesSignIn(codexHome, vars)) return ok(null)
  const { status, stderr } = spawnSync(bin, ['login', 'status'], {
    env: { ...vars, CODEX_HOME: codexHome },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
  })
  if (status === 0) return ok(null)
  if (personConfig(codexHome).isBroken)
    return fail('codex-unusable', `Codex does not take its settings: ${stderr.trim().slice(0, MOST_WORDS)}`, {
      fix: `correct ${path.join(codexHome, 'config.toml')}`,
    })
  return fail('agent-signed-out', `${bin} is not signed in`, { fix: 'codex login' })
}

const MOST_WORDS = 1500

/** Whether `codex login` is what makes this Codex able to ask: no key in the environment takes its place, and no provider of the person's own. */
export function usesSignIn(codexHome: string, vars: Readonly<Record<string, string | undefined>>): boolean {
  return (vars['CODEX_API_KEY'] ?? '') === '' && personConfig(codexHome).needsSignIn
}
