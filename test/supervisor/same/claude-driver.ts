import { never } from '../../../src/base/result.ts'
import { FIRST_LINE } from '../../../src/supervisor/effects/prompt.ts'
import { limitUntil, refusal } from '../../agents/claude/failures.ts'
import { SUBSCRIPTION, answers } from '../../agents/claude/rig.ts'
import { type MessageAnswer, type MessageRequest, bash, say } from '../../rig/messages-api.ts'
import { claudeVars, makeClaudeSite } from '../claude/rig.ts'
import { type Driver, HANG_MS, Script, filled, inSeconds } from './driver.ts'
import type { Step } from './scenario.ts'

/** The real Claude Code, whose model says the steps in the Messages API. A subscription pays, which has quotas with a time. */
export const claudeDriver = (bin: string): Driver => ({
  name: 'claude',
  hasConversations: true,
  isProgram: ([file, command]) => file === bin && command === '-p',
  async stage({ turns, site: parts }) {
    const script = new Script(turns)
    const site = await makeClaudeSite({
      ...parts,
      bin,
      model: (request) => said(script.next(begins(request), request.text), (run) => filled(run, site)),
    })
    return {
      site,
      vars: {
        ...claudeVars(site),
        ANTHROPIC_API_KEY: '',
        CLAUDE_CODE_OAUTH_TOKEN: SUBSCRIPTION.CLAUDE_CODE_OAUTH_TOKEN,
      },
      heard: (start) => script.heard[start - 1] ?? '',
      close: () => site.close(),
    }
  },
})

/** The last message holds a prompt of ours, and is no result of a tool or reminder. Behind the first one its surroundings are told. */
function begins({ body }: MessageRequest): boolean {
  const last = body.messages.findLast(({ role }) => role !== 'system')
  return last?.role === 'user' && JSON.stringify(last).includes(FIRST_LINE)
}

function said(step: Step, fill: (run: string) => string): MessageAnswer {
  switch (step.do) {
    case 'shell':
      return [bash(fill(step.run))]
    case 'answer':
      return [answers({ status: step.status, summary: step.summary ?? '', proposal: null })]
    case 'prose':
      return [say(step.text)]
    case 'quota':
      return refusal(429, 'rate_limit_error', 'limit', limitUntil(inSeconds(step.inSeconds)))
    case 'fail':
      return failures[step.how]
    case 'hang':
      return { says: [], delayMs: HANG_MS }
    default:
      return never(step, 'step')
  }
}

const failures: Readonly<Record<Extract<Step, { do: 'fail' }>['how'], MessageAnswer>> = {
  'signed-out': refusal(401, 'authentication_error'),
  overloaded: refusal(500, 'api_error'),
  network: { disconnect: 'mid' },
}
