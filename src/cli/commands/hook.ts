import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fail, ok } from '../../base/result.ts'
import { bundleDirectory } from '../bundle.ts'
import { command } from '../command.ts'

export const hookEvents = [
  'stop',
  'session-start',
  'user-prompt-submit',
  'post-tool-use',
  'subagent-start',
  'subagent-stop',
]
const sentinel = '\nautoloop:ok'

/** `hook <event>`: what our hook would answer to the payload on stdin. Codex itself calls the shim, not this. */
export const hook = command({
  flags: {},
  words: { event: hookEvents.join(', ') },
  run: (args, { context }) => {
    if (!hookEvents.includes(args.event))
      return fail('unknown-hook', `there is no hook "${args.event}"; there are ${hookEvents.join(', ')}`)
    const { home, codexHome } = context.env
    const run = spawnSync(process.execPath, [path.join(bundleDirectory(), 'hook.cjs'), args.event], {
      stdio: ['inherit', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 1 << 24,
      env: {
        ...process.env,
        AUTONOMOUS_LOOP_HOME: home,
        CODEX_HOME: codexHome,
        AUTOLOOP_PPID: String(process.ppid),
      },
    })
    const body = `\n${run.stdout ?? ''}`.trimEnd()
    if (run.status !== 0 || !body.endsWith(sentinel))
      return fail('hook-failed', `the hook gave no answer: ${(run.stderr ?? '').trim().split('\n')[0] ?? ''}`)
    const answer = body.slice(0, -sentinel.length).trim()
    return ok({ code: 0, data: {}, text: () => (answer === '' ? [] : [answer]), plain: true })
  },
})
