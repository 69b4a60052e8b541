import { never } from '../../../src/base/result.ts'
import { makeSite } from '../rig.ts'
import { type Driver, HANG_MS, filled } from './driver.ts'
import type { AgentTurn, Step } from './scenario.ts'
import type { ScriptedTurn, Site } from '../rig.ts'

/** A small program that does the steps itself, in the box. */
export const commandDriver: Driver = {
  name: 'command',
  hasConversations: false,
  isProgram: ([, file = '']) => file.endsWith('/fake-agent.js'),
  async stage({ turns, site: parts }) {
    const site = makeSite({ ...parts, sandbox: 'on' })
    site.script({
      '001': [
        ...turns.map((turn, at) => ({ start: at + 1, ...scripted(turn, site) })),
        // Every later start.
        scripted(turns.at(-1) ?? [], site),
      ],
    })
    return {
      site,
      vars: {},
      heard: (start) => site.starts()[start - 1]?.prompt ?? '',
      close: async () => site.remove(),
    }
  },
}

function scripted(turn: AgentTurn, site: Site): ScriptedTurn {
  const steps = turn.flatMap((step): object[] => {
    if (step.do === 'shell') return [{ sh: filled(step.run, site), may: true }]
    // The time counts from when it says so.
    if (step.do === 'quota') return [{ sh: saysReset(step.inSeconds) }]
    return step.do === 'hang' ? [{ ms: HANG_MS }] : []
  })
  return { steps: steps as NonNullable<ScriptedTurn['steps']>, ...ended(turn.at(-1)) }
}

const saysReset = (seconds: number): string =>
  `echo "{\\"resets_at\\": $(($(date +%s) + 1 + ${seconds}))}" > "$AUTONOMOUS_LOOP_RESULT_FILE"`

function ended(step: Step | undefined): Pick<ScriptedTurn, 'answer' | 'exit'> {
  switch (step?.do) {
    case 'answer':
      return { answer: { status: step.status, summary: step.summary ?? '' } }
    case 'prose':
      return { answer: step.text }
    case 'quota':
      return { exit: 75 }
    case 'fail':
      return { answer: { reason: step.how }, exit: 75 }
    case 'shell':
    case 'hang':
    case undefined:
      return {}
    default:
      return never(step, 'step')
  }
}
