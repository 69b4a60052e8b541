import { never } from '../../../src/base/result.ts'
import { FIRST_LINE } from '../../../src/supervisor/effects/prompt.ts'
import { answer } from '../../agents/gemini/answer.ts'
import { MODEL } from '../../agents/gemini/rig.ts'
import { type GeminiAnswer, type GeminiRequest, say, shell, startGeminiApi } from '../../rig/gemini-api.ts'
import { type Site, makeSite } from '../rig.ts'
import { type Driver, HANG_MS, Script, filled } from './driver.ts'
import type { Step } from './scenario.ts'

/** The real Gemini CLI, whose model says the steps in the Gemini API. */
export const geminiDriver = (bin: string): Driver => ({
  name: 'gemini',
  hasConversations: true,
  isProgram: ([, file]) => file === bin,
  async stage({ turns, site: parts }) {
    const script = new Script(turns)
    const api = await startGeminiApi((request) =>
      said(script.next(begins(request), request.text), (run) => filled(run, site)),
    )
    const site: Site = makeSite({
      ...parts,
      supervisor: { agents: { gemini: { adapter: 'gemini', bin, model: MODEL } }, ...parts.supervisor },
    })
    return {
      site,
      vars: { GEMINI_API_KEY: 'made-up-key', GOOGLE_GEMINI_BASE_URL: api.url },
      heard: (start) => script.heard[start - 1] ?? '',
      close: async () => {
        await api.close()
        site.remove()
      },
    }
  },
})

/** The last thing in it is a prompt of ours. */
function begins({ body }: GeminiRequest): boolean {
  const last = body.contents.at(-1)
  return last?.role === 'user' && JSON.stringify(last).includes(FIRST_LINE)
}

function said(step: Step, fill: (run: string) => string): GeminiAnswer {
  switch (step.do) {
    case 'shell':
      return [shell(fill(step.run))]
    case 'answer':
      return [say(answer(step.status, step.summary))]
    case 'prose':
      return [say(step.text)]
    case 'quota':
      // Of a day: it has no way to say until when.
      return { status: 429, code: 'RESOURCE_EXHAUSTED', details: [usedUp] }
    case 'fail':
      return failures[step.how]
    case 'hang':
      return { says: [], delayMs: HANG_MS }
    default:
      return never(step, 'step')
  }
}

const usedUp = {
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId: 'RequestsPerDay' }],
}

const failures: Readonly<Record<Extract<Step, { do: 'fail' }>['how'], GeminiAnswer>> = {
  'signed-out': { status: 401, code: 'UNAUTHENTICATED' },
  overloaded: { status: 500, code: 'INTERNAL' },
  network: { disconnect: 'mid' },
}
