import type { Hints } from '../command-hints.ts'
import { command } from '../command-hints.ts'
import { configHints } from '../hints.ts'

/** Hints for the fields of `supervisor`, kept out of hints.ts because no hook needs them. Keys as there. */

const CODEX = '{"adapter": "codex"}'
const agentNames = { allowed: 'an array of names of agents, the preferred one first', example: '["codex"]' }
const agentName = { allowed: 'the name of an agent in supervisor.agents', example: '"codex"' }
const whole = (example: string) => ({ allowed: 'a whole number, 1 to 10000', example })
const tokens = { allowed: 'a whole number above 0', example: '5000000' }
const minutes = (example: string) => ({ allowed: 'a number above 0, at most 100000', example })
const seconds = (example: string) => ({ allowed: 'a number above 0, at most 86400', example })
const model = { allowed: 'a word of the program, such as the name of a model', example: '"gpt-6-sol"' }

const hookHints: Hints = Object.fromEntries(
  ['attemptStart', 'attemptEnd', 'parked', 'completed'].flatMap((event) => [
    [
      `supervisor.on.${event}`,
      { allowed: 'an object with argv', example: '{"argv": ["notify-send", "autonomous-loop"]}' },
    ],
    ...['argv', 'argv[]', 'network', 'sandbox'].map((field) => [
      `supervisor.on.${event}.${field}`,
      configHints[`notify.${field}`]!,
    ]),
    [`supervisor.on.${event}.timeoutSeconds`, { ...configHints['notify.timeoutSeconds']!, example: '60' }],
  ]),
)

export const supervisorHints: Hints = {
  supervisor: configHints['supervisor']!,
  'supervisor.agents': { allowed: 'an object: name → agent', example: `{"codex": ${CODEX}}` },
  'supervisor.agents.*': { allowed: 'an object with an adapter', example: CODEX },
  'supervisor.agents.*.adapter': { allowed: '"codex", "claude", "gemini" or "command"', example: '"codex"' },
  'supervisor.agents.*.model': model,
  'supervisor.agents.*.effort': { ...model, example: '"high"' },
  'supervisor.agents.*.bin': { allowed: 'the path of the program', example: '"/usr/local/bin/codex"' },
  'supervisor.agents.*.argv': {
    allowed: command['argv']!.allowed,
    example: '["./agent.sh", "{prompt_file}", "{workspace}", "{result_file}"]',
  },
  'supervisor.agents.*.argv[]': command['argv[]']!,
  'supervisor.agents.*.sandbox': { allowed: '"on" or "off"', example: '"on"' },
  'supervisor.agents.*.network': { allowed: '"none", "loopback" or "full"', example: '"full"' },
  'supervisor.agents.*.writable': command['writable']!,
  'supervisor.agents.*.writable[]': command['writable[]']!,
  'supervisor.agents.*.secrets': command['secrets']!,
  'supervisor.agents.*.secrets[]': command['secrets[]']!,
  'supervisor.roles': { allowed: 'an object: role → names of agents', example: '{"work": ["codex"]}' },
  ...Object.fromEntries(
    ['work', 'plan', 'planReview', 'review'].flatMap((role) => [
      [`supervisor.roles.${role}`, agentNames],
      [`supervisor.roles.${role}[]`, agentName],
    ]),
  ),
  'supervisor.escalate': {
    allowed: 'an object with an effort',
    example: '{"afterFailures": 2, "effort": "xhigh"}',
  },
  'supervisor.escalate.afterFailures': whole('2'),
  'supervisor.escalate.effort': { ...model, example: '"xhigh"' },
  'supervisor.jobs': { allowed: 'a whole number, 1 to 64', example: '1' },
  'supervisor.gateJobs': { allowed: 'a whole number, 1 to 64', example: '2' },
  'supervisor.target': { allowed: 'the name of a branch', example: '"main"' },
  'supervisor.protect': { allowed: 'an array of globs', example: '["deploy/**"]' },
  'supervisor.protect[]': { allowed: 'a glob relative to the repository root', example: '"deploy/**"' },
  'supervisor.review': { allowed: 'an object', example: '{"rounds": 3}' },
  'supervisor.review.rounds': whole('3'),
  'supervisor.limits': { allowed: 'an object', example: '{"attempts": 5}' },
  'supervisor.limits.attempts': whole('5'),
  'supervisor.limits.turns': whole('12'),
  'supervisor.limits.spawns': whole('40'),
  'supervisor.limits.spawnsPerDay': whole('400'),
  'supervisor.limits.noProgress': whole('3'),
  'supervisor.limits.agentFailures': whole('3'),
  'supervisor.limits.parkedInARow': whole('5'),
  'supervisor.limits.silentMinutes': minutes('10'),
  'supervisor.limits.turnMinutes': minutes('60'),
  'supervisor.limits.itemMinutes': minutes('120'),
  'supervisor.limits.batchMinutes': minutes('600'),
  'supervisor.limits.turnTokens': tokens,
  'supervisor.limits.itemTokens': tokens,
  'supervisor.limits.batchTokens': { ...tokens, example: '50000000' },
  'supervisor.backoff': { allowed: 'an object', example: '{"baseSeconds": 10, "maxSeconds": 300}' },
  'supervisor.backoff.baseSeconds': seconds('10'),
  'supervisor.backoff.maxSeconds': seconds('300'),
  'supervisor.onQuota': { allowed: '"wait", "exit" or "next"', example: '"wait"' },
  'supervisor.on': {
    allowed: 'an object: event → command',
    example: '{"parked": {"argv": ["notify-send", "parked"]}}',
  },
  ...hookHints,
}
