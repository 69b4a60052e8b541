import { never } from '../../../src/base/result.ts'
import type { ModelAnswer, ModelRequest } from '../../../src/prove/model/scripted-model.ts'
import { usageLimit } from '../../../src/prove/model/usage-limit.ts'
import { FIRST_LINE } from '../../../src/supervisor/effects/prompt.ts'
import { refusal } from '../../agents/codex/failures.ts'
import { codexBinary, currentCodex } from '../../rig/binaries.ts'
import { execCommand, message } from '../../rig/codex.ts'
import { answer, makeCodexSite } from '../codex/rig.ts'
import { type Driver, HANG_MS, Script, filled, inSeconds } from './driver.ts'
import type { Step } from './scenario.ts'

/** The real Codex, whose model says the steps in the Responses API. */
export const codexDriver: Driver = {
  name: 'codex',
  hasConversations: true,
  isProgram: ([file, command]) => file === codexBinary() && command === 'exec',
  async stage({ turns, site: parts }) {
    const script = new Script(turns)
    const site = await makeCodexSite({
      ...parts,
      version: currentCodex,
      retries: 1,
      supervisor: {
        agents: { codex: { adapter: 'codex', bin: codexBinary() } },
        ...parts.supervisor,
      },
      model: (request) =>
        said(script.next(begins(request), JSON.stringify(request.body)), (run) => filled(run, site)),
    })
    return { site, vars: {}, heard: (start) => script.heard[start - 1] ?? '', close: () => site.close() }
  },
}

/** The last thing in it is a prompt of ours. */
function begins({ body }: ModelRequest): boolean {
  const last = (body['input'] as readonly { readonly role?: string }[]).at(-1)
  return last?.role === 'user' && JSON.stringify(last).includes(FIRST_LINE)
}

function said(step: Step, fill: (run: string) => string): ModelAnswer {
  switch (step.do) {
    case 'shell':
      // Else it goes on beside a command that takes its time.
      return [execCommand(fill(step.run), { yield_time_ms: 30_000 })]
    case 'answer':
      return [message(answer(step.status, step.summary))]
    case 'prose':
      return [message(step.text)]
    case 'quota':
      return usageLimit(inSeconds(step.inSeconds))
    case 'fail':
      return failures[step.how]
    case 'hang':
      return { items: [], delayMs: HANG_MS }
    default:
      return never(step, 'step')
  }
}

const failures: Readonly<Record<Extract<Step, { do: 'fail' }>['how'], ModelAnswer>> = {
  'signed-out': refusal(401, 'unauthorized'),
  overloaded: refusal(500, 'server_error'),
  network: { disconnect: 'mid' },
}
