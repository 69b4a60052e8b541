import { spawnSync } from 'node:child_process'
import type { Env } from '../base/env.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { locateProgram, workspaceOf } from '../codex/find-codex.ts'

export interface Claude {
  readonly path: string
  /** Such as `2.1.332`. */
  readonly version: string
}

/** The oldest whose hooks were measured; see docs/claude-code.md. */
const measured = '2.1.332'
const install = 'npm install -g @anthropic-ai/claude-code'

/** The Claude Code of this person: `AUTOLOOP_CLAUDE`, else the first on PATH that no agent can write. Codes: claude-missing, claude-unusable. */
export function findClaude(env: Env): Result<Claude> {
  const located = locateProgram(env, workspaceOf(env.cwd), {
    name: 'claude',
    variable: 'AUTOLOOP_CLAUDE',
    code: 'claude-missing',
    install,
  })
  if (!located.ok) return located
  const run = spawnSync(located.value, ['--version'], {
    encoding: 'utf8',
    env: { ...env.vars },
    timeout: 20_000,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const version = /^(\d+\.\d+\.\d+\S*) \(Claude Code\)/m.exec(run.stdout ?? '')?.[1]
  return version !== undefined && run.status === 0
    ? ok({ path: located.value, version })
    : fail('claude-unusable', `${located.value} --version does not say the version of Claude Code`, {
        fix: `${install}@${measured}`,
      })
}
