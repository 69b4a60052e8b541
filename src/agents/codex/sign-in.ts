import { spawnSync } from 'node:child_process'
import { type Result, fail, ok } from '../../base/result.ts'
import { codexAt } from '../../codex/find-codex.ts'
import { personConfig } from './person-config.ts'

/**
 * Whether this Codex is one that we know and has a sign-in where it needs one, asked before a batch: Codex itself looks only once it
 * is refused. `login status` knows neither keys in the environment nor providers of the person's own (0.169 and 0.171).
 * Codes: agent-signed-out, those of codexAt.
 */
export function codexReady(
  bin: string,
  codexHome: string,
  vars: Readonly<Record<string, string | undefined>>,
): Result<null> {
  const usable = codexAt(bin, { ...vars, CODEX_HOME: codexHome })
  if (!usable.ok) return usable
  if ((vars['CODEX_API_KEY'] ?? '') !== '' || !personConfig(codexHome).needsSignIn) return ok(null)
  const { status } = spawnSync(bin, ['login', 'status'], {
    env: { ...vars, CODEX_HOME: codexHome },
    stdio: 'ignore',
    timeout: 20_000,
    killSignal: 'SIGKILL',
  })
  if (status === 0) return ok(null)
  return fail('agent-signed-out', `${bin} is not signed in`, { fix: 'codex login' })
}
