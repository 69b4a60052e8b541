import { spawnSync } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { isObject, parseJson } from '../../base/json.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { claudeVariables, credentialsIn } from './environment.ts'

type Vars = Readonly<Record<string, string | undefined>>

/** Where Claude Code keeps what is the person's. */
export function claudeConfigDir(vars: Vars): string {
  const named = vars['CLAUDE_CONFIG_DIR'] ?? ''
  return named !== '' ? path.resolve(named) : path.join(vars['HOME'] ?? os.homedir(), '.claude')
}

/**
 * Whether this is Claude Code and has a sign-in, asked before a batch, and without the network: whether the service takes it is seen at
 * the first turn. Codes: agent-signed-out, agent-unusable.
 */
export function claudeReady(bin: string, vars: Vars): Result<null> {
  const { status, stdout } = spawnSync(bin, ['auth', 'status', '--json'], {
    env: {
      PATH: vars['PATH'],
      HOME: vars['HOME'],
      ...claudeVariables(vars),
      ...credentialsIn(vars),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
  })
  const json = parseJson(stdout ?? '', 'auth status')
  const said = json.ok && isObject(json.value) ? json.value['loggedIn'] : null
  if (status === 0 && said === true) return ok(null)
  if (said === false)
    return fail('agent-signed-out', `${bin} is not signed in`, {
      fix: 'claude auth login   (or claude setup-token, and set CLAUDE_CODE_OAUTH_TOKEN)',
    })
  return fail('agent-unusable', `${bin} does not answer as Claude Code does`, { fix: `${bin} auth status` })
}

/** Whoever pays: a key or token, the account that is signed in, or at least the directory that would hold one. */
export function claudeAccount(vars: Vars): string {
  const [credential] = Object.values(credentialsIn(vars))
  if (credential !== undefined) return credential
  const account = state(vars)?.['oauthAccount']
  const id = isObject(account) ? account['accountUuid'] : null
  return typeof id === 'string' ? id : claudeConfigDir(vars)
}

/** Whether the person trusts the project in this directory, or one around it. */
export function trustsProject(vars: Vars, top: string): boolean {
  const projects = state(vars)?.['projects']
  if (!isObject(projects)) return false
  for (let dir = top; ; dir = path.dirname(dir)) {
    const one = projects[dir]
    if (isObject(one) && one['hasTrustDialogAccepted'] === true) return true
    if (dir === path.dirname(dir)) return false
  }
}

/** What it keeps of the person, beside the directory where that is not named. */
function state(vars: Vars): Readonly<Record<string, unknown>> | null {
  const isNamed = (vars['CLAUDE_CONFIG_DIR'] ?? '') !== ''
  const dir = isNamed ? claudeConfigDir(vars) : (vars['HOME'] ?? os.homedir())
  const text = readTextSafe(path.join(dir, '.claude.json'), { maxBytes: 16 << 20 })
  const json = text.ok ? parseJson(text.value, '.claude.json') : text
  return json.ok && isObject(json.value) ? json.value : null
}
