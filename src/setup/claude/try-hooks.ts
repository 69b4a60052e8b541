import { spawnSync } from 'node:child_process'
import type { Env } from '../../base/env.ts'
import { isObject, parseJson } from '../../base/json.ts'
import type { Claude } from '../../claude/find-claude.ts'
import { whyFailed } from '../../codex/own-words.ts'

/** Nothing listens there: without our hook the prompt would otherwise go to the service. */
const nowhere = 'http://127.0.0.1:9'

/**
 * Whether Claude Code really runs our hooks, by one short session with the person's settings: its prompt is an order to us, which our hook
 * answers before the model is asked. The other hooks of the person run as well. Null when it does; why not otherwise.
 */
export function tryHooks({ path: file }: Claude, env: Env): string | null {
  const own = {
    ANTHROPIC_BASE_URL: nowhere,
    ANTHROPIC_API_KEY: 'none',
    CLAUDE_CODE_MAX_RETRIES: '0',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
  }
  // A flag goes before every file of settings but a managed one.
  const settings = JSON.stringify({ env: own })
  const run = spawnSync(
    file,
    ['-p', '--output-format', 'json', '--no-session-persistence', '--settings', settings],
    {
      encoding: 'utf8',
      cwd: env.home,
      env: { ...withoutMarks(env.vars), ...own },
      input: 'autonomous-loop status',
      timeout: 60_000,
      killSignal: 'SIGKILL',
    },
  )
  const json = parseJson(run.stdout ?? '', 'the answer of claude')
  const said = json.ok && isObject(json.value) ? json.value['result'] : undefined
  if (typeof said === 'string' && said.includes('autonomous-loop: ')) return null
  if (typeof said === 'string') return `our hook did not answer a prompt (${said.slice(0, 200)})`
  return `claude -p does not run: ${whyFailed(run)}`
}

/** A session of its own, also where this is called from within another. */
function withoutMarks(vars: Env['vars']): Env['vars'] {
  return Object.fromEntries(
    Object.entries(vars).filter(
      ([name]) => name !== 'CLAUDECODE' && !/^(?:CLAUDE_CODE_|CLAUDE_PID|ANTHROPIC_)/.test(name),
    ),
  )
}
